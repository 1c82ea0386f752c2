"""Targets out of the text on goals: which numbers are promised, of what, how compared, and how measured."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from documents.plans.deadline import Deadline, Years
from documents.plans.deadlines import deadlines
from documents.plans.measuring import is_flow, measure_type
from documents.plans.naming import LONGEST_NAME, VERBS, Frame, Phrase, count_on, named, names_of, phrase, with_count
from documents.plans.quantities import TOO_LONG, Quantity, quantities, segments
from documents.plans.target import Target
from documents.plans.wordings import without_number

_MASKS = re.compile(
    r"《[^》]{0,200}》|[〔\[]\d{4}[〕\]]\s*第?\d+号|(?:19|20)\d\d(?:年)?(?:—+|-|~|至|到)(?:19|20)?\d\d年"
    r"|(?:19|20)\d\d年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}[日号])?|\d{1,2}月(?:\d{1,2}[日号]|份|底|末|前|上|中|下)"
    r"|“[^”]{0,30}”|\d{1,15}(?:[+×x/][\dNXn]{1,15}){1,12}(?!\d*[万亿%家个])|7×24|24小时|\d+年|第\d+[^，。；、]|\d+强|\d+级(?![，。；、以])"
    r"|\d{5,}(?=热线)|\d{1,3}分钟(?=.{0,4}圈)|\d小时(?=.{0,4}圈)"
)
_DIGIT = re.compile(r"[0-9一二三四五六七八九十百千万亿零两%]")
_PAST = re.compile(r"截至(?:目前|19|20)|^目前|已(?:经)?(?:建成|达到|有|累计|实现|完成)")
_AHEAD = re.compile(r"到20\d\d年|力争|目标")
_LEADING_YEAR = re.compile(r"(?:其中)?[：\s—\-·]*((?:19|20)\d\d)年(?:度)?[，,]")
_YEAR_END = re.compile(r"(?:到|至)|(?:19|20)\d\d年(?:年?[底末])|“?十[三四五六]五|全年")
_WHOLE_YEAR = re.compile(r"[\s—\-·]*全年(?!龄|级)")
_YEAR_OF_CLAUSE = re.compile(rf"[\s—：]*(?:其中)?(?P<year>20\d\d)年(?:度|全年)?(?:计划|力争)?(?:{VERBS})")
_CLAUSE_ENDS = re.compile("[，；。：]")
_JOINS = ("、", "和", "及", "以及", "，")


def targets(text: str, *, years: Years, by: date | None = None) -> list[Target]:
    """Return the targets in `text`, in order: of a goal, or of a task.

    `years` are what 年底前 can mean; `by` is the day for all sentences that name none.

    No targets are dates, 文号, names in quotes or like 4+1, sizes that only say what is counted (1000万元以下的贷款),
    where something comes from (由35%提高到…), and sentences about what has been achieved.
    """
    masked = mask(text)
    found: list[Target] = []
    for start, end in segments(text):
        sentence = text[start:end]
        leading = _LEADING_YEAR.match(sentence)
        if leading and _is_before(int(leading[1]), years):
            continue  # how things stood
        days = [deadline for deadline in deadlines(sentence, years=years) if deadline.on]
        if leading and not days:
            days = [Deadline("once", None, f"到{leading[1]}年", 0, on=date(int(leading[1]), 12, 31))]
        if not days and years.only and _WHOLE_YEAR.match(sentence):
            days = [Deadline("once", None, "全年", 0, on=date(years.only, 12, 31))]
        by = days[-1].on if days and _YEAR_END.match(days[-1].text) else None if days else by
        if _PAST.search(sentence) and not _AHEAD.search(sentence):
            continue
        clauses, starts = [0, *(mark.end() for mark in _CLAUSE_ENDS.finditer(sentence))], [day.start for day in days]
        for target in _in_sentence(sentence, masked[start:end]):
            clause = clauses[bisect_right(clauses, target.at) - 1]
            met = _in_clause(sentence, clause) or _by(days, bisect_left(starts, target.at)) or by
            found.append(replace(target, at=target.at + start, by=met))
    return found


def _is_before(year: int, years: Years) -> bool:
    begins = min((day.year for day in (years.start, years.issued) if day), default=None)
    return begins is not None and year < begins


def _by(days: Sequence[Deadline], before: int) -> date | None:
    """Return the day by which a target is to be reached: the last of those `before` it, else the first behind it."""
    return days[max(0, before - 1)].on if days else None


def _in_clause(sentence: str, begins: int) -> date | None:
    """Return the end of the year that begins the clause at `begins`: 2024年新建食堂40家."""
    found = _YEAR_OF_CLAUSE.match(sentence, begins)
    return date(int(found["year"]), 12, 31) if found else None


def mask(text: str) -> str:
    """Return `text` with # for every digit that is no quantity. Keeps the length."""
    masked = TOO_LONG.sub(lambda found: "#" * len(found[0]), text)
    masked = _MASKS.sub(lambda found: _DIGIT.sub("#", found[0]), masked)
    return re.sub(r"（(?!其中)[^（）]*）", lambda found: _DIGIT.sub("#", found[0]), masked)


def _in_sentence(sentence: str, masked: str) -> list[Target]:
    found = _without_qualifiers(masked, quantities(sentence, masked))
    frame, last_end, done = Frame(), 0, 0
    results: list[Target] = []
    for index, quantity in enumerate(found):
        group = _group(masked, found, index) if quantity.each and index >= done else []
        if group:
            results += _distributed(phrase(sentence[last_end : quantity.start]), [quantity, *group], frame)
            done = index + len(group) + 1
        elif index >= done:
            results.append(_one(sentence, masked, found, index, last_end, frame))
            frame.whole = frame.whole or results[-1].measure_type
        last_end = _end_of_name(masked, found, index)
    results += without_number(sentence, found)
    return sorted(results, key=lambda target: target.at)


def _group(masked: str, found: Sequence[Quantity], index: int) -> list[Quantity]:
    """Return the quantities that only 、 or 和 separates from this one: A和B分别达到1家和2家."""
    group, end = [], found[index].end
    for quantity in found[index + 1 :]:
        if masked[end : quantity.start].strip() not in _JOINS:
            break
        group.append(quantity)
        end = quantity.end
    return group


def _without_qualifiers(masked: str, found: Sequence[Quantity]) -> list[Quantity]:
    """Leave out the numbers that only say which ones are counted: 1000万元以下的贷款, 产值超10亿元企业达到20家."""
    kept = []
    for index, quantity in enumerate(found):
        before = masked[found[index - 1].end : quantity.start] if index else "，"
        following = found[index + 1].start if index + 1 < len(found) else None
        behind = masked[quantity.end : following] if following else ""
        if not _only_qualifies(quantity, before, behind, masked[quantity.end : quantity.end + 20]):
            kept.append(quantity)
    return kept


def _only_qualifies(quantity: Quantity, before: str, behind: str, after: str) -> bool:
    """Return whether a size describes what the number before it, or the one behind it, counts.

    `before` and `behind` are the words up to these numbers, `after` the words that follow whatever comes.
    """
    if quantity.unit in ("%", "‰"):
        return False
    counted_next = bool(behind) and not re.search(r"[，；。、]", behind)
    is_size = quantity.text.endswith(("以上", "以下", "以内")) or quantity.text.endswith("元")
    if re.match(r"的(?!目标|水平)", after) and (is_size or counted_next):
        return True
    if counted_next and is_size and re.match(r"级?[一-龥]{2}", behind):
        return True
    return not before.strip() and quantity.unit.endswith("元") and bool(re.match(r"级?[一-龥]", after))


def _end_of_name(masked: str, found: Sequence[Quantity], index: int) -> int:
    """Return where the words behind a number end that still belong to its name."""
    end = found[index].end
    limit = found[index + 1].start if index + 1 < len(found) else len(masked)
    behind = re.match(r"[^，；。、：（）]*", masked[end:limit])
    return end + (len(behind[0]) if behind else 0)


def _one(sentence: str, masked: str, found: Sequence[Quantity], index: int, last_end: int, frame: Frame) -> Target:
    quantity = found[index]
    said = phrase(sentence[last_end : quantity.start])
    name = named(said, sentence[quantity.end : _end_of_name(masked, found, index)], frame)
    is_part = said.is_part or (said.separator == "、" and bool(frame.whole))
    target = _target(quantity, name, count_on(said, frame), is_part=is_part)
    if is_part and frame.whole == "cumulative" and target.measure_type == "stock":
        undecided = [doubt for doubt in target.doubts if "累计数还是存量" not in doubt]
        target = replace(target, measure_type=frame.whole, doubts=tuple(undecided)) if target.doubts else target
    frame.whole = frame.whole if is_part else ""
    return target


def _distributed(said: Phrase, group: Sequence[Quantity], frame: Frame) -> Iterator[Target]:
    """Yield one target for each name in A、B和C分别达到1家、2家和3家."""
    mode, first = count_on(said, frame), group[0]
    names = names_of(said.words, len(group))
    words = re.sub(r"[0-9一二三四五六七八九十百].*", "", first.text)
    doubt = () if names else (f"“{said.words}”后的几个数各指什么无法分清，请核对名称",)
    for quantity, name in zip(group, names or [said.words] * len(group), strict=True):
        text = quantity.text if quantity.text.startswith(words) else words + quantity.text
        comparator = first.comparator if quantity.bare and not first.bare else quantity.comparator
        shared = replace(quantity, text=text, comparator=comparator, bare=first.bare)
        target = _target(shared, name, mode, is_part=said.is_part)
        yield replace(target, doubts=(*target.doubts, *doubt))
    frame.names.extend(names)


def _target(quantity: Quantity, name: str, mode: str, *, is_part: bool) -> Target:
    if quantity.share_of:
        name = f"{name.removesuffix('数量')}占{quantity.share_of}比重"
    kind, doubt = measure_type(quantity, name, mode)
    is_rank = quantity.text.startswith("前")
    return Target(
        name=name if is_rank else with_count(name, quantity.unit),
        measure_type=kind,
        target=quantity.target,
        unit_of_measure=quantity.unit,
        text=quantity.text,
        comparator=quantity.comparator,
        at=quantity.number_at,
        part_of_last=is_part,
        bare=quantity.bare,
        flow=is_flow(name),
        doubts=tuple(said for said in (doubt, *_doubts(quantity, name)) if said),
    )


def _doubts(quantity: Quantity, name: str) -> Iterator[str]:
    if quantity.high is not None:
        yield f"“{quantity.text}”是一个区间，目标值取{quantity.target:f}，请核对"
    if quantity.hoped:
        yield f"“{quantity.text}”前面是“力争”，是否作为考核目标请核对"
    if not name:
        yield f"“{quantity.text}”指什么没有读出来，请补填指标名称"
    if len(name) >= LONGEST_NAME:
        yield f"“{quantity.text}”前面的文字过长，指标名称只取了最后{LONGEST_NAME}字，请核对"
