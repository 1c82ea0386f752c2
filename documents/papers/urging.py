"""催办单: the first word after the due date; towards a central unit, a letter that asks."""

from __future__ import annotations

from sqlmodel import Session

from config.terms import NoticeKind
from documents.official.content import Heading, Paper, paragraph
from documents.papers.facts import fact_table, subject
from documents.papers.office import URGENT, addressee, house, manner
from supervision.in_force import InForce
from supervision.periods import day_in_words
from supervision.queries import dossiers


def urging(session: Session, force: InForce, number: int, *, reports: bool = False) -> Paper:
    """Return the 催办单 of an item, or of a reporting request, as it was last urged.

    Raises UnknownName, Refused when it has not been urged: the paper repeats what the ladder did.
    """
    file = dossiers.urging(session, force, number, reports=reports)
    office, dossier, day = house(session, force), file.dossier, file.day or file.made_on
    how = manner(force, NoticeKind.URGE, dossier.kind)
    about = subject(dossier)
    done, answer = ("报送", "报送") if dossier.reports else ("办结", "办结报告")
    late = (
        f"下列{'报送任务' if dossier.reports else '事项'}应于{day_in_words(dossier.due)}前{done}，至今未收到{answer}。"
    )
    if how.asks:
        title, want = f"关于商请{_verb(dossier.reports)}{about}的函", _asked(dossier.reports)
    else:
        title, want = f"关于{about}的{how.name}", _wanted(dossier.reports, how.word)
    return Paper(
        title=title,
        day=day,
        red_head=office.full_name,
        state=f"{'报送任务' if dossier.reports else '事项'}编号：{dossier.number}",
        urgency=URGENT if dossier.urgent else "",
        addressee=addressee(force, dossier.unit, asks=how.asks),
        blocks=(
            paragraph(late + want),
            Heading(1, "基本情况"),
            fact_table(dossier, on=day, overdue=True),
        ),
        signature=office.signature(day),
        mark=office.mark,
    )


def _verb(reports: bool) -> str:
    return "" if reports else "办理"


def _asked(reports: bool) -> str:
    if reports:
        return "商请贵单位予以支持，尽快报送。"
    return "商请贵单位予以支持，尽快办理，并函告进展情况、存在的问题和下一步措施。"


def _wanted(reports: bool, word: str) -> str:
    if reports:
        return f"现予{word}，请你单位立即组织报送；确有困难的，请同时说明原因和报送时间。"
    return f"现予{word}，请你单位立即办理，并反馈进展情况、存在的问题和下一步措施。"
