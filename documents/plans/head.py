"""What a document says about itself: title, 文号, who issued it and when, for which years, copies to whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.plans.deadline import Years
from documents.plans.mending import Mended
from documents.plans.period import period_of
from documents.plans.signature import copies_in, printed_in, signed_on_day, signer_of

_NUMBER = re.compile(
    r"(?P<number>[一-龥]{1,16}(?:发|办|函|字|规|令|委|督|通)?[一-龥]{0,4}(?P<year>〔(?:19|20)\d\d〕)(?:第)?\d{1,5}号)"
)
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

_LONGEST_TITLE = 100
_OPENING_LINES = 60
_SHORTEST_WORD = 2
"""Characters of the shortest 机关代字."""


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


def head_of(mended: Mended, first: int, tail: int) -> Head:
    """Return the head; `first` is where the outline begins, `tail` where the text ends."""
    starts = [start for start in mended.starts[:_OPENING_LINES] if start < first]
    lines = [mended.text[start : mended.end_of_line(index)] for index, start in enumerate(starts)]
    opening = mended.text[: min(first, 4000)]
    title, from_notice = _title(lines)
    printed, signed_on = printed_in(mended.text[max(0, tail - 200) :]), signed_on_day(mended)
    issued = printed[1] or signed_on
    own = _own_number(mended, first)
    basis = next((m["number"] for m in _NUMBER.finditer(opening) if _bare(m["number"]) != own), "")
    start, end, doubts = period_of(title, mended.text[first : first + 60_000], issued)
    if printed[1] and signed_on and printed[1] != signed_on:
        doubts += (f"落款日期 {signed_on} 与印发日期 {printed[1]} 不同，按印发日期计，请核对",)
    return Head(
        title=title,
        number=own,
        issuer=signer_of(mended) or printed[0] or from_notice,
        issued=issued,
        signed=signed_on,
        basis=_bare(basis),
        copies=copies_in(mended.text[tail:]),
        start=start,
        end=end,
        tail=tail,
        doubts=doubts,
    )


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
