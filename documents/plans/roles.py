"""The words in which plans say who is responsible: labels, sentences on who does what, and bare lists of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents.plans.characters import folded
from documents.plans.units import is_group, is_surely_unit, is_unit, names, without_notes

_WHO = r"(?:责任)?(?:单位|部门|处室|科室|机构|地区|股室|主体|方)"
_RANK = r"(?:市级|县级|区级|省级|市直|县直)?"
_PEOPLE = (
    r"(?:责任|牵头|分管|包抓|挂钩|联系|主管|包保|督办|挂帅|负责)(?:市|县|区|省|州|校|局|委|厅|院|集团)?(?:级)?领导"
    r"|(?:第一|直接|主要)?(?:责任|联系|负责|牵头|经办)人(?:员)?|联系(?:电话|方式)|电话"
)
_DUE = (
    r"(?:任务|完成|办结|办理|整改|推进|落实|实施|工作|计划|起止|建设)?(?:完成)?"
    r"(?:时限|期限|时间|时间节点|时间表|时间进度)(?:要求|节点|安排|进度)?"
    r"|完成(?:日期|节点)|(?:工作|时序|推进)?进度(?:安排|要求|计划)?|节点要求"
)
_LEAD = (
    rf"{_RANK}(?:总|主要|第一)?(?:牵头|主办|主责|主抓|主体责任|第一责任|主要责任|责任牵头)"
    rf"(?:责任|负责|落实)?{_WHO}?|牵头"
)
_SUPPORT = (
    rf"{_RANK}(?:主要)?(?:配合|协办|协同|协作|协助|参与|参加|支持|会办|联合|配合协作|配合责任|协同配合|共同)"
    rf"(?:责任|落实|实施|推进)?{_WHO}|配合|协办"
)
_RESPONSIBLE = (
    rf"{_RANK}(?:责任|承办|实施|落实|负责|办理|执行|主管|组织|牵头[和及、与]配合|牵头[和及、与]责任|责任分工|督办)"
    rf"(?:实施|落实)?{_WHO}|(?:责任|任务|职责|工作)分工|责任落实|分工负责|责任"
)
_WORDS = (
    rf"(?:(?P<people>{_PEOPLE})|(?P<due>{_DUE})|(?P<lead>{_LEAD})|(?P<support>{_SUPPORT})|(?P<resp>{_RESPONSIBLE}))"
)
LABEL = re.compile(rf"{_WORDS}\s*：(?!/)")
"""责任单位：and its like in plain text. The group that matched says what stands behind it."""

BARE_LABEL = re.compile(rf"{_WORDS}(?=(?:市|省|县|区|州|各|国家|中国)[一-龥]|(?:19|20)\d\d年|长期|全年)")
"""The same without a colon: a label only where a line begins and a space follows."""

_BOXED = re.compile(rf"〔({_WORDS})〕(?!：)")
_IS = re.compile(rf"({_WORDS})为(?=(?:市|省|县|区|州|各|国家)[一-龥])")


_DUTY = r"(?:结合实际|依|按照?)?(?:各自)?(?:职责|职能|分工|权限)*(?:和)?(?:分工)?"
_BY_PARTS = r"按(?:照)?(?:各自)?职(?:责|能)(?:分工)?"
_VERB = re.compile(
    rf"(?P<lead>(?:{_BY_PARTS})?(?:共同|联合|分别|各自)?(?:牵头(?:负责|落实|推进|推动|组织|实施|抓总|办理|抓好|组织实施|组织推进|组织落实|抓落实)?"
    r"|主办|主抓))"
    r"|(?P<support>(?:积极|共同|协同|密切|按(?:照)?职责(?:分工)?)?(?:配合|参与|参加|协办|协助|协同)(?:实施|落实|推进|做好)?"
    r"|(?:指导|督促|监督)(?:落实|推进|指导|督促|实施)?)"
    rf"|(?P<resp>(?:{_DUTY}(?:分别|共同|具体|组织|抓好|认真)?(?:负责|落实|组织实施|抓落实|承办)(?:推进|实施|落实)?)"
    r"|按(?:照)?(?:各自)?职责(?:分工)?)"
)
_BOUNDARY = "，,；;。、 ）)〕]】"
_TOGETHER = re.compile(r"会同|联合|商(?!务|业|会|标)")
_ROLE_MARK = re.compile(r"[（(](?:牵头|主办|牵头单位|牵头部门|总牵头|牵头负责)[）)]")
_ONLY_DUE = re.compile(
    r"(?:计划|拟|于)?(?:\d{4}年|\d{1,2}月|今年|年)[^，。；、]{0,14}(?:前|底|末|完成)[^，。；、]{0,6}"
    r"|长期(?:坚持|推进)?|持续(?:推进|实施)|常态化推进"
)
_DATED = re.compile(r"(?:于|在|力争|计划|确保)?(?:(?:19|20)\d\d年|\d{1,2}月|今年|年底|年内)")
_BY_DUTY = re.compile(r"按(?:照)?(?:各自)?(?:职责|分工|职能)|分别负责|共同负责|分工负责")
_SAYS_SOMETHING = re.compile(r"[一-龥]{2}")
_STRONG = ("lead", "support", "resp", "due")


def labelled(text: str) -> str:
    """Return `text` folded, with every label before a colon: 【牵头单位】市… and 责任单位为市… Keeps the length."""
    text = folded(text)
    boxed = _BOXED.sub(lambda found: f" {found[1]}：", text) if "〕" in text else text
    return _IS.sub(lambda found: f"{found[1]}：", boxed) if "为" in boxed else boxed


def labels_in(plain: str) -> list[re.Match[str]]:
    """Return the labels in a text that is `labelled`."""
    return list(LABEL.finditer(plain)) if "：" in plain else []


@dataclass
class Roles:
    """Names by role: `listed` are those of a plain list, whose first leads.

    `due` is the wording of deadlines, `remarks` what is said behind the names.
    """

    leads: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    by_duty: bool = False
    remarks: list[str] = field(default_factory=list)


def roles_in(text: str, breaks: Sequence[int], *, at_end: bool) -> Roles | None:
    """Return who is responsible by the words inside a bracket; None when they are about something else."""
    if not _SAYS_SOMETHING.search(text):
        return None
    plain = labelled(text)
    labels = labels_in(plain)
    if labels and not plain[: labels[0].start()].strip(" ，；、。") and any(m.lastgroup != "people" for m in labels):
        return by_labels(text, labels, breaks)
    if labels and any(label.lastgroup in _STRONG for label in labels):
        head = by_sentence(text[: labels[0].start()], breaks)
        if head is None and _all_units(text[: labels[0].start()], breaks):
            head = Roles(listed=names(without_notes(text[: labels[0].start()]), breaks))
        rest = by_labels(text, labels, breaks)
        return rest if head is None else _together(head, rest)
    if _ONLY_DUE.fullmatch(plain):
        return Roles(due=[text.strip()])
    if (said := by_sentence(text, breaks)) is not None:
        return said
    return Roles(listed=names(text, breaks)) if at_end and _all_units(text, breaks, surely=True) else None


def _together(one: Roles, other: Roles) -> Roles:
    return Roles(
        one.leads + other.leads,
        one.listed + other.listed,
        one.supporting + other.supporting,
        one.due + other.due,
        one.by_duty or other.by_duty,
        one.remarks + other.remarks,
    )


def _all_units(text: str, breaks: Sequence[int], *, surely: bool = False) -> bool:
    listed = names(without_notes(text), breaks)
    return bool(listed) and all((is_surely_unit if surely else is_unit)(name) for name in listed)


def by_labels(text: str, labels: Sequence[re.Match[str]], breaks: Sequence[int]) -> Roles:
    """Return the names behind each of the `labels` in `text`."""
    roles = Roles()
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        start, end = label.end(), following.start() if following else len(text)
        value, inner = text[start:end], [offset - start for offset in breaks if start < offset < end]
        role = str(label.lastgroup)
        value, remark = _without_remark(value)
        roles.remarks += [remark] if remark else []
        if role == "due":
            roles.due.append(value.strip(" ；，。、;,."))
        elif role != "people":
            _add(roles, role, value, inner)
    if roles.leads and roles.listed:  # 牵头单位：A；责任单位：B、C
        roles.supporting, roles.listed = [*roles.listed, *roles.supporting], []
    return roles


def _without_remark(value: str) -> tuple[str, str]:
    """Return what stands before a full stop, and the remark behind it that is no list of units."""
    before, _, behind = without_notes(value).partition("。")
    return (before, behind.strip("。）) ")) if before.strip() else (value, "")


def _add(roles: Roles, role: str, value: str, breaks: Sequence[int]) -> None:
    said = by_sentence(value, breaks)
    if said is not None:
        roles.leads += said.leads if role != "support" else []
        roles.listed += said.listed if role != "support" else []
        roles.supporting += said.supporting if role != "support" else [*said.leads, *said.listed, *said.supporting]
        roles.due += said.due
        roles.by_duty = roles.by_duty or said.by_duty
        return
    marked = _ROLE_MARK.search(value)
    every = [_ROLE_MARK.sub("", name) for name in names(without_notes(value), breaks)]
    roles.due += [name for name in every if _DATED.match(name)]
    listed = [name for name in every if not _DATED.match(name)]
    if marked and role == "resp":
        leading = [_ROLE_MARK.sub("", n) for n in names(without_notes(value), breaks) if _ROLE_MARK.search(n)]
        roles.leads += leading
        roles.supporting += [name for name in listed if name not in leading]
    else:
        {"lead": roles.leads, "resp": roles.listed, "support": roles.supporting}[role].extend(listed)


def by_sentence(text: str, breaks: Sequence[int]) -> Roles | None:
    """Return the roles in a sentence (A牵头，B、C配合；A、B按职责分工负责); None when it is none."""
    text = without_notes(text)
    dues = [part for part in re.split(r"[，,；;。]", text) if _ONLY_DUE.fullmatch(part.strip())]
    for due in dues:
        text = text.replace(due, "")
    plain = folded(text)
    verbs = [m for m in _VERB.finditer(plain) if m.end() == len(plain) or plain[m.end()] in _BOUNDARY]
    if not verbs:
        return None
    roles, start = Roles(due=dues), 0
    for verb in verbs:
        segment = text[start : verb.start()]
        inner = [offset - start for offset in breaks if start < offset < verb.start()]
        if not _take(roles, str(verb.lastgroup), segment, inner):
            return None
        roles.by_duty = roles.by_duty or (verb.lastgroup == "resp" and bool(_BY_DUTY.search(verb[0])))
        start = verb.end()
    tail = names(text[start:].strip("，,；;。"))
    if tail and not all(is_unit(name) for name in tail):
        return None
    roles.supporting += tail
    return roles if roles.leads or roles.listed or roles.supporting else None


def _take(roles: Roles, role: str, segment: str, breaks: Sequence[int]) -> bool:
    """Add the names before a verb; return False when they are no names."""
    own, _, joined = _split_together(segment)
    listed = [_ROLE_MARK.sub("", name) for name in names(own, breaks)]
    others = names(joined)
    if not all(is_unit(name) or is_group(name) for name in (*listed, *others)):
        return False
    if role == "lead":
        roles.leads += listed
    elif role == "resp" and not roles.leads and (not roles.listed or not roles.supporting):
        roles.listed += listed
    else:
        roles.supporting += listed
    roles.supporting += others
    return True


def _split_together(segment: str) -> tuple[str, str, str]:
    found = _TOGETHER.search(segment)
    if found is None or found.start() < 2:
        return segment, "", ""
    return segment[: found.start()], found[0], segment[found.end() :]


def leads_and_rest(roles: Roles) -> tuple[list[str], list[str], bool]:
    """Return the leads, the other names, and whether the lead is only the first-named of a plain list.

    A group never leads where a unit is named too.
    """
    leads = list(dict.fromkeys(roles.leads))
    listed = list(dict.fromkeys(roles.listed))
    first = False
    if not leads and listed:
        lead = next((name for name in listed if not is_group(name)), None)
        leads, first = ([lead] if lead else []), len(listed) > 1
    rest = [name for name in dict.fromkeys((*listed, *roles.supporting)) if name not in leads]
    units = [name for name in leads if not is_group(name)]
    return (units, [*(name for name in leads if is_group(name)), *rest], first)
