"""交办单: an item is given to a unit; towards a central unit, a letter that asks for it."""

from __future__ import annotations

from sqlmodel import Session

from config.terms import NoticeKind
from documents.official.content import Heading, Paper, paragraph
from documents.papers.facts import fact_table, subject
from documents.papers.office import URGENT, addressee, house, manner
from supervision.in_force import InForce
from supervision.periods import day_in_words
from supervision.queries import dossiers


def assignment(session: Session, force: InForce, item: int) -> Paper:
    """Return the 交办单 of an item as it was last assigned. Raises UnknownName, Refused before it was."""
    file = dossiers.assignment(session, force, item)
    office, dossier, day = house(session, force), file.dossier, file.day or file.made_on
    asks = manner(force, NoticeKind.ASSIGN, dossier.kind).asks
    verb = "商请办理" if asks else "办理"
    if asks:
        opening = f"根据《{office.plan_title}》及有关工作安排，现就下列事项商请贵单位办理。"
    else:
        opening = f"根据《{office.plan_title}》及有关工作安排，现将下列事项交由你单位办理。"
    return Paper(
        title=f"关于{verb}{subject(dossier)}的{'函' if asks else '交办单'}",
        day=day,
        red_head=office.full_name,
        state=f"事项编号：{dossier.number}",
        urgency=URGENT if dossier.urgent else "",
        addressee=addressee(force, dossier.unit, asks=asks),
        blocks=(
            paragraph(opening),
            Heading(1, "事项" if asks else "交办事项"),
            fact_table(dossier, on=day, overdue=False),
            Heading(1, "办理要求"),
            *map(paragraph, _wants(day_in_words(dossier.due), asks=asks)),
        ),
        signature=office.signature(day),
        mark=office.mark,
    )


def _wants(due: str, *, asks: bool) -> tuple[str, ...]:
    if asks:
        return (
            f"请贵单位予以支持，于{due}（含当日）前办结，并将办理情况函告我办。",
            "办理中如有困难或对事项另有意见，请及时与我办联系。",
        )
    return (
        f"请及时签收，并于{due}（含当日）前办结、报请核验，同时提交成果和佐证材料。",
        "办理期间请按要求反馈进展情况、存在的问题和下一步措施；确需延期的，请在期限届满前申请；"
        "对责任分工有异议的，请在签收前书面提出。",
    )
