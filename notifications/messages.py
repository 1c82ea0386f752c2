"""From facts to words: subject, text and HTML of what goes to one person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from config.clock import day_of
from config.numbering import document_number
from config.terms import NoticeKind, UnitKind
from notifications.facts import NoticeFacts, Recipient, Sender
from notifications.tokens import Asked, reply_number
from notifications.wording import day_in_words, one_line, period_in_words, shortened

SUBJECT_LIMIT = 120
"""Characters of a subject: what mail programs show in a list, with room for the marks in front."""

TITLE_LIMIT = 60
"""Characters of a title inside a subject, so that the due date after it is still seen."""

DIGEST = "digest"

_SIMULATED = "【模拟数据】"
_URGENT = "【特急】"

_ASKED = {
    NoticeKind.URGE: "商请", NoticeKind.SUPERVISION_NOTICE: "商请", NoticeKind.CIRCULAR: "抄送",
    NoticeKind.BULLETIN: "抄送",
}  # fmt: skip
"""How central units are addressed when the plan says nothing: they answer to their ministry, not to the city."""

_ANSWERS = frozenset(
    {
        NoticeKind.EXTENSION_DECIDED,
        NoticeKind.DISPUTE_DECIDED,
        NoticeKind.DUE_CHANGED,
        NoticeKind.WITHDRAWN,
        NoticeKind.PUBLICITY,
        NoticeKind.OBJECTION_DECIDED,
        NoticeKind.BULLETIN,
        NoticeKind.DATA_ALERT,
    }
)
"""Notices that tell a result and ask for nothing: they are not overdue, whatever date they bear."""

_LADDER = frozenset({NoticeKind.REMIND, NoticeKind.WARN, NoticeKind.URGE})

_ANSWERED_BY_MAIL = _LADDER | {NoticeKind.REQUEST_OPENED, NoticeKind.SUBMISSION_RETURNED}
"""Notices that ask for a workbook, when they are about a reporting request."""

_SECTIONS = ("已逾期", "即将到期", "新交办、退回和报送任务", "答复与变更")
_OVERDUE, _DUE_SOON, _NEW, _ANSWERED = range(len(_SECTIONS))
_NUMERALS = "一二三四"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words. The subject is one line of at most SUBJECT_LIMIT characters."""

    subject: str
    text: str
    html: str
    asks: tuple[Asked, ...] = ()
    """The reporting requests that may be answered by mailing back a workbook."""


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the templates see it; every text in it is one line. `overdue`: calendar days past the due date."""

    kind: NoticeKind
    word: str
    title: str
    short: str
    unit: str
    asks: bool
    due: str
    overdue: int
    because: str
    link: str
    number: str
    copied: bool
    reports: bool
    section: int


def render(recipient: Recipient, notices: Sequence[NoticeFacts], sender: Sender, *, at: datetime) -> Rendered:
    """Return what `recipient` is told at `at`: one notice in its own form, several as a digest.

    A digest lists the overdue first, the longest overdue at the top, then what falls due soon, then what is new,
    then answers. Raises ValueError when there is no notice.
    """
    if not notices:
        raise ValueError("没有可以发送的通知")
    today = day_of(at)
    lines = sorted((_line(facts, sender, today) for facts in sorted(notices, key=_age)), key=lambda line: line.section)
    asks = _asks(notices, sender)
    variables = _variables(recipient, lines, sender, today) | {
        "reply_numbers": [reply_number(sender.reply_secret, asked) for asked in asks]
    }
    folder = lines[0].kind.value if len(lines) == 1 else DIGEST
    marks = (_SIMULATED if variables["simulated"] else "") + (_URGENT if any(n.urgent for n in notices) else "")
    text = _template(f"{folder}/body.txt")
    # The sentence that says what is wanted stands in body.txt alone; the HTML gets it as text, and escapes it.
    lead = " ".join("".join(text.blocks["lead"](text.new_context(variables))).split())
    return Rendered(
        subject=_numbered(marks + one_line(_template(f"{folder}/subject.txt").render(variables)), variables),
        text=text.render(variables),
        html=_template(f"{folder}/body.html").render(variables, lead=lead),
        asks=asks,
    )


def _numbered(subject: str, variables: dict[str, Any]) -> str:
    """Return the subject, with the reply number when there is just one: a mail written anew may keep it too."""
    numbers = variables["reply_numbers"]
    mark = f" [{numbers[0]}]" if len(numbers) == 1 else ""
    return shortened(subject, SUBJECT_LIMIT - len(mark)) + mark


def _asks(notices: Sequence[NoticeFacts], sender: Sender) -> tuple[Asked, ...]:
    """Return the requests that the recipient may answer by mail, once each; none where replies are not read."""
    if not sender.reply_secret:
        return ()
    asking = (n for n in notices if n.request_id is not None and n.of_unit and n.kind in _ANSWERED_BY_MAIL)
    return tuple(dict.fromkeys(Asked(sender.plan_id, notice.request_id or 0) for notice in asking))


def word_for(facts: NoticeFacts, sender: Sender) -> str:
    """Return how this notice is called towards this unit: a central unit is asked (商请, 抄送), not chased."""
    usual = _ASKED.get(facts.kind) if facts.unit_kind is UnitKind.CENTRAL else None
    return sender.words.get((facts.unit_kind, facts.kind)) or usual or facts.kind.label


def _variables(recipient: Recipient, lines: list[Line], sender: Sender, today: date) -> dict[str, Any]:
    return {
        "recipient": one_line(recipient.name),
        "simulated": recipient.synthetic or sender.simulated,
        "line": lines[0],
        "lines": lines,
        "sections": list(_sections(lines)),
        "overdue": sum(1 for line in lines if line.section == _OVERDUE),
        "office": one_line(sender.office),
        "reply_to": one_line(sender.reply_to),
        "portal": sender.portal_url,
        "today": day_in_words(today),
    }


def _sections(lines: list[Line]) -> Iterator[tuple[str, str, list[Line]]]:
    """Yield numeral, heading and lines of the sections that have any."""
    for numeral, (section, found) in zip(_NUMERALS, groupby(lines, key=lambda line: line.section), strict=False):
        yield numeral, _SECTIONS[section], list(found)


def _line(facts: NoticeFacts, sender: Sender, today: date) -> Line:
    title = one_line(facts.title)
    if facts.period:
        title += f"（{one_line(period_in_words(facts.period))}）"
    overdue = max((today - facts.due).days, 0) if facts.due and facts.kind not in _ANSWERS else 0
    return Line(
        kind=facts.kind,
        word=word_for(facts, sender),
        title=title,
        short=shortened(title, TITLE_LIMIT),
        unit=one_line(facts.unit),
        asks=facts.unit_kind is UnitKind.CENTRAL,
        due=day_in_words(facts.due) if facts.due else "",
        overdue=overdue,
        because=one_line(facts.because),
        link=_link(facts, sender.portal_url),
        number=_number(facts),
        copied=not facts.of_unit,
        reports=facts.request_id is not None,
        section=_section(facts.kind, overdue),
    )


def _age(facts: NoticeFacts) -> tuple[date, int]:
    return facts.due or date.max, facts.notice_id


def _section(kind: NoticeKind, overdue: int) -> int:
    if overdue:
        return _OVERDUE
    if kind in _LADDER:
        return _DUE_SOON
    return _ANSWERED if kind in _ANSWERS else _NEW


def _link(facts: NoticeFacts, portal: str) -> str:
    base = portal.rstrip("/")
    if facts.kind is NoticeKind.BULLETIN:
        return f"{base}/papers"
    if facts.kind is NoticeKind.FLOW_SILENT:
        return f"{base}/system"
    if facts.item_id is not None:
        return f"{base}/items/{facts.item_id}"
    return f"{base}/reports/{facts.request_id}" if facts.request_id is not None else base


def _number(facts: NoticeFacts) -> str:
    """Return the 文号 of a signed paper, as the ledger gave it; empty for anything else."""
    if facts.paper_series is None or facts.paper_year is None or facts.paper_number is None:
        return ""
    return document_number(one_line(facts.paper_series), facts.paper_year, facts.paper_number)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("notifications"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,  # looking at the files for each of ten thousand mails costs a fifth of the rendering
    )


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)
