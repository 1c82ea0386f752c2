"""What a document says about itself: title, 文号, who issued it and when, for which years, copies to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice, pairwise

from config.plan.numerals import whole_number
from documents.plans.deadlines import Years
from documents.plans.mending import Mended
from documents.plans.outline import signed
from documents.plans.period import period_of

_HAN_DAY = r"[二一][〇零○О0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
_DAY = rf"(?:(?:19|20)\d\d年\d{{1,2}}月\d{{1,2}}日|{_HAN_DAY})"
_PRINTED = re.compile(rf"(?P<issuer>[一-龥“”（）、]{{2,60}}?)?(?P<day>{_DAY})印发")
_NUMBER = re.compile(
    r"(?P<number>[一-龥]{1,16}(?:发|办|函|字|规|令|委|督|通)?[一-龥]{0,4}(?P<year>〔(?:19|20)\d\d〕)(?:第)?\d{1,5}号)"
)
_COPIES = re.compile(r"抄\s*[送报][：:]")
_NOTICE = re.compile(
    r"^(?P<issuer>[^《。]{2,60}?)?(?:关于)?(?:印发|发布|下发|转发)[《<]?(?P<title>[^》>。]{4,80}?)[》>]?的通知"
)
_ENDS = re.compile(
    r"(?:计划|方案|意见|要点|规划|措施|办法|通知|清单|分工|纲要|任务书|细则|条例|规定|安排|决定|分工表|任务分解表|分解表|一览表)(?:[（(][^）)]{2,30}[）)])?$"
)
_BEFORE_TEXT = re.compile(
    r"(?P<title>[^。，]{4,60}?(?:计划|方案|意见|要点|规划|措施|办法)(?:[（(][^）)]{2,30}[）)])?)(?=为|根据|各|按照|一、)"
)
_BODY = re.compile(r"^(?:根据|按照|依据|现将|各[区县市省州部委]|近年|当前|党的|习近平|深入贯彻|全面贯彻|目录$)|[。：]")
_MAYBE_BODY = re.compile(r"^(?:为|经|贯彻|深入|全面)")
_SKIPPED = re.compile(
    r"^(?:附件\d*[：:]?|附[：:]?|件\d*|.{2,30}文件|★.*|（?征求意见稿）?|.{0,10}公开.*|急件|特急|机密.*|签发人.*|\d{1,6})$"
)

_ORGANISATION = re.compile(r"^[^\d、，]{2,45}(?:政府|委员会|办公室|办公厅|局|委|部|厅|领导小组|院)$")

_BEGINS_NAME = re.compile(
    r"中共|国家|[一-龥]{2,8}?(?:省|市|县|区|州)|(?!办公|员会)[一-龥]{2,12}?(?:部|总局|总署)(?!门|分)"
)
_ORGANISATIONS = re.compile(r"^[^\d，]{2,60}(?:政府|委员会|办公室|办公厅|局|委|部|厅|领导小组|院)$")

_TEXT_ENDS = re.compile(r"[。；！]|（[^（）]*(?:单位|牵头|负责|配合|参与|落实)[^（）]*）")

_FIRST_ENTRY = re.compile(r"一、|（一）|第一[章条]|1[.、](?!\d)")

_LONGEST_TITLE = 100
_LAST_LINES = 12
_LAST_SIGNATURES = 20
"""Dates from the end of the document above which a signature is looked for."""
_OPENING_LINES = 60
_LONGEST_SIGNER = 45
_SHORTEST_WORD = 2
"""Characters of the shortest 机关代字."""

_MOST_NAMES = 8
"""Line ends in a signature beyond which broken names are not looked for."""

_TAIL_FROM = 0.5
"""Share of the text behind which 抄送 and the like are its end."""


@dataclass(frozen=True)
class Head:
    """What a document says about itself; None, or empty, where it says nothing.

    `issued` is the day it was printed (印发) where the document names one, else the day it was signed, `signed` the
    day under the text. `number` is its own 文号, `basis` the first one that its opening refers to. `tail` is where the
    text ends and the copies begin.
    """

    title: str
    number: str
    issuer: str
    issued: date | None
    signed: date | None
    basis: str
    copies: tuple[str, ...]
    start: date | None
    end: date | None
    tail: int
    doubts: tuple[str, ...] = ()

    @property
    def years(self) -> Years:
        """Return what a date without a year can mean in this document."""
        return Years(self.start, self.end, self.issued)


def tail_of(mended: Mended) -> int:
    """Return where the text ends: at 抄送, or at the line of the print, in the second half of the document."""
    text, length = mended.text, len(mended.text)
    places = [found.start() for found in _COPIES.finditer(text, int(length * _TAIL_FROM))]
    for found in _PRINTED.finditer(text, int(length * _TAIL_FROM)):
        line, behind = _line_start(mended, found.start()), found.start() + _behind_text(found["issuer"] or "")
        places.append(max(line, behind))
    return min([*places, *_signature(mended)], default=length)


def _signature(mended: Mended) -> Iterator[int]:
    """Yield where the signature begins, when nothing but copies follows it."""
    last = len(mended.starts) - 1
    for index in range(last, max(-1, last - _LAST_LINES), -1):
        start = mended.starts[index]
        if index and signed(mended, start) and not _has_annex(mended, index):
            yield start - len(_words_before(mended.text, start))


def _has_annex(mended: Mended, index: int) -> bool:
    """Return whether a text with an outline follows the line: a notice is signed before the plan that it sends."""
    return any(_FIRST_ENTRY.match(mended.text, start) for start in mended.starts[index + 1 :])


def _words_before(text: str, offset: int) -> str:
    """Return what stands between the last full stop and `offset`, when it is as short as a signature."""
    words = re.split(r"[。；！？）]", text[max(0, offset - 3 * _LONGEST_SIGNER) : offset])[-1]
    return words if len(words) <= _LONGEST_SIGNER else ""


def head_of(mended: Mended, first: int, tail: int) -> Head:
    """Return the head; `first` is where the outline begins, `tail` where the text ends."""
    starts = [start for start in mended.starts[:_OPENING_LINES] if start < first]
    lines = [mended.text[start : mended.end_of_line(index)] for index, start in enumerate(starts)]
    opening = mended.text[: min(first, 4000)]
    title, from_notice = _title(lines)
    printed, signed_on = _printed(mended.text[max(0, tail - 200) :]), _signed_on(mended)
    issued = printed[1] or signed_on
    own = _own_number(mended, first)
    basis = next((m["number"] for m in _NUMBER.finditer(opening) if _bare(m["number"]) != own), "")
    start, end, doubts = period_of(title, mended.text[first : first + 60_000], issued)
    if printed[1] and signed_on and printed[1] != signed_on:
        doubts += (f"落款日期 {signed_on} 与印发日期 {printed[1]} 不同，按印发日期计，请核对",)
    return Head(
        title=title,
        number=own,
        issuer=_signer(mended) or printed[0] or from_notice,
        issued=issued,
        signed=signed_on,
        basis=_bare(basis),
        copies=_copies(mended.text[tail:]),
        start=start,
        end=end,
        tail=tail,
        doubts=doubts,
    )


def _behind_text(words: str) -> int:
    """Return where a line of print begins in `words`: behind the last full stop or bracket on responsibility."""
    return max((found.end() for found in _TEXT_ENDS.finditer(words)), default=0)


def _line_start(mended: Mended, offset: int) -> int:
    return mended.starts[mended.index(offset)]


def _title(lines: Sequence[str]) -> tuple[str, str]:
    """Return the title, and the issuer when it is that of a notice that sends the plan."""
    block: list[str] = []
    for line in lines:
        if not block and (_SKIPPED.match(line) or _NUMBER.fullmatch(line)):
            continue
        if block and _is_whole("".join(block)) and not re.match(r"[（(]|的?通知", line):
            break
        if _BODY.search(line) and not _is_open("".join(block)):
            break
        if _MAYBE_BODY.match(line) and (not block or _ENDS.search("".join(block)) or re.search(r"[，、]", line)):
            break
        block.append(line)
        if sum(map(len, block)) > _LONGEST_TITLE:
            break
    title = "".join(block)
    title = _NUMBER.sub("", title) if _NUMBER.match(title) else title
    if notice := _NOTICE.match(title):
        return notice["title"].strip("《》"), (notice["issuer"] or "").removesuffix("关于")
    if not title and lines and (found := _BEFORE_TEXT.match(lines[0])):
        title = found["title"]
    return title[:_LONGEST_TITLE].strip("《》 "), ""


def _is_whole(title: str) -> bool:
    is_notice = re.search(r"关于(?:印发|发布|下发|转发)", title) is not None
    return bool(_ENDS.search(title)) and not _is_open(title) and (not is_notice or title.endswith("通知"))


def _is_open(title: str) -> bool:
    return title.count("（") + title.count("(") > title.count("）") + title.count(")") or title.count(
        "《"
    ) > title.count("》")


def _own_number(mended: Mended, first: int) -> str:
    """Return the document's own 文号: one above the text that no words refer to."""
    opening = re.split(r"[。：:]", mended.text[: min(first, 600)], maxsplit=1)[0]
    found = _NUMBER.search(opening)
    if found is None or opening[found.start() - 1 : found.start()] in ("（", "("):
        return ""
    for start in reversed(mended.starts[: mended.index(found.end()) + 1]):
        above = mended.text[mended.starts[max(0, mended.index(start) - 1)] : start]
        if found.start() < start <= found.start("year") - _SHORTEST_WORD and re.search(r"..[室厅府局委部会件]$", above):
            return _bare(mended.text[start : found.end()])
    return _bare(found["number"])


def _bare(number: str) -> str:
    """Return a 文号 without the words before it: 经研究，市政办〔2024〕3号."""
    return re.sub(r"^.*(?:通知|意见|精神|文件|根据|按照|落实|计划|方案|要点|措施|规划|号(?=[^号]*号$))", "", number)


def day_of(text: str) -> date | None:
    """Return the date written in digits or Chinese numerals; None for an impossible one."""
    found = re.fullmatch(r"(.{4})年(.{1,3})月(.{1,3})日", text)
    if found is None:
        return None
    parts = [int(p) if p.isdecimal() else whole_number(re.sub("[○О0]", "〇", p)) for p in found.groups()]
    try:
        return date(*(part or 0 for part in parts))
    except ValueError:
        return None


def _printed(tail: str) -> tuple[str, date | None]:
    found = _PRINTED.search(tail)
    if found is None:
        return "", None
    issuer = found["issuer"] or ""
    issuer = re.sub(r"^.*(?:[。；]|抄送)", "", issuer[_behind_text(issuer) :])
    return issuer, day_of(found["day"])


def _signed_on(mended: Mended) -> date | None:
    """Return the last date that stands for itself at the beginning of a line, or at the very end."""
    found = None
    for start in mended.starts:
        if match := signed(mended, start):
            found = day_of(match[0]) or found
    if found is None and (end := re.search(rf"({_DAY})$", mended.text[-60:])):
        return day_of(end[1])
    return found


def _signer(mended: Mended) -> str:
    """Return the organisations that stand before the last date of signature, or in the line above it."""
    dated = (n for n in range(len(mended.starts) - 1, 0, -1) if signed(mended, mended.starts[n]))
    for index in islice(dated, _LAST_SIGNATURES):
        start = mended.starts[index]
        line = mended.text[mended.starts[index - 1] : start]
        before = start - len(_words_before(mended.text, start))
        whole = _signers(mended, before, start)
        if signer := next((words for words in (whole, line) if _ORGANISATIONS.search(words)), ""):
            return signer
    return ""


def _signers(mended: Mended, start: int, end: int) -> str:
    """Return the names in a signature: separated by spaces, or in lines that each begin with a name."""
    places = [start + place for place in mended.breaks_between(start, end)]
    spaces = [place for place in places if mended.starts[mended.index(place)] != place]
    lines = [place for place in places if place in spaces or _BEGINS_NAME.match(mended.text, place)]
    for cuts in (lines, spaces, *_fewer(lines)):
        parts = [mended.text[a:b] for a, b in pairwise([start, *cuts, end]) if a < b]
        if len(parts) > 1 and all(_ORGANISATION.search(p) and not p.startswith("办公") for p in parts):
            return "、".join(parts)
    return re.sub(r"^.{2,6}[：:]", "", mended.text[start:end])


def _fewer(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield some of the places, many before few: a name may itself be broken over two lines."""
    if len(places) <= _MOST_NAMES:
        for count in range(len(places) - 1, 0, -1):
            yield from combinations(places, count)


def _copies(tail: str) -> tuple[str, ...]:
    found = _COPIES.search(tail)
    if found is None:
        return ()
    words = tail[found.end() : found.end() + 1500]
    printed = _PRINTED.search(words)
    if printed:
        words = words[: printed.start("day")]
        words = words[: words.rfind("。") + 1] or words
    parts = re.split(r"[；;。]", words)
    if len([part for part in parts if part.strip()]) == 1:
        parts = re.split(r"[，,]", parts[0])
    return tuple(part.strip("，、 ") for part in parts if part.strip("，、 "))
