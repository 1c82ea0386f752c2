"""督办单 and 通报, to a central unit a 函: papers that a person signs. Until then, drafts without number and date."""

from __future__ import annotations

from sqlmodel import Session

from config.terms import NoticeKind, PaperState
from documents.official.content import Block, Heading, Paper, paragraph
from documents.papers.facts import fact_table, slip, subject
from documents.papers.office import URGENT, House, Manner, addressee, house, manner
from supervision.in_force import InForce
from supervision.periods import day_in_words
from supervision.queries import dossiers
from supervision.queries.dossiers import Dossier, PaperFile

STATES = {PaperState.DRAFTED: "（拟稿）", PaperState.REVIEWED: "（送审稿）"}
"""What a paper is called before it has a number."""

LEADERS = "领导小组领导"
"""Who gets a copy of a 通报. Source: ladder.yaml, audience leading_group."""


def signed_paper(session: Session, force: InForce, number: int) -> Paper:
    """Return a paper by its number in the list, as it stood when it was signed; a draft as it stands now.

    Raises UnknownName, Refused for one that was cancelled.
    """
    file = dossiers.signed_paper(session, force, number)
    office, dossier = house(session, force), file.dossier
    how = manner(force, file.kind, dossier.kind)
    is_circular = file.kind is NoticeKind.CIRCULAR
    title, blocks = _circular(force, file, how) if is_circular else _notice(force, file, how, office)
    return Paper(
        title=title,
        day=file.day or file.made_on,
        red_head=office.full_name,
        number=file.number,
        state=STATES.get(file.state, "") if file.state else "",
        urgency=URGENT if dossier.urgent else "",
        addressee=_addressee(force, file, how),
        blocks=blocks,
        attachments=() if is_circular else (slip(dossier, asks=how.asks),),
        signature=office.signature(file.day),
        copied_to=_copied(dossier, how, is_circular),
        imprint=office.imprint(file.day),
        mark=office.mark,
    )


def _addressee(force: InForce, file: PaperFile, how: Manner) -> str:
    """Return to whom it goes: the unit; a 通报 goes to the group of the plan that the unit is one of."""
    if file.kind is not NoticeKind.CIRCULAR or how.asks:
        return addressee(force, file.dossier.unit, asks=how.asks)
    on = file.day or force.today
    groups = (group.name for group in force.plan.groups if group.purpose == "responsible")
    code = file.dossier.unit_code
    return next(
        (name for name in groups if code in {unit.code for unit in force.plan.members(name, on=on)}), file.dossier.unit
    )


def _copied(dossier: Dossier, how: Manner, is_circular: bool) -> tuple[str, ...]:
    lead = (dossier.lead_unit,) if dossier.lead_unit and dossier.lead_unit != dossier.unit else ()
    return ((LEADERS, *lead) if not how.asks else lead) if is_circular else lead


def _notice(force: InForce, file: PaperFile, how: Manner, office: House) -> tuple[str, tuple[Block, ...]]:
    dossier, day = file.dossier, file.day or force.today
    urged = "、".join(day_in_words(step.issued_on) for step in dossier.steps if step.kind is NoticeKind.URGE)
    facts = fact_table(dossier, on=day, overdue=True)
    if how.asks:
        want = f"请贵单位支持，研究明确完成时间，并将办理情况和需要协调的问题函复{office.name}。"
        return f"关于再次商请{'' if dossier.reports else '办理'}{subject(dossier)}的函", (
            paragraph(_asked_again(dossier, urged)),
            Heading(1, "基本情况"),
            facts,
            Heading(1, "商请事宜"),
            paragraph(want),
            paragraph("特此函商，请予支持并函复。"),
        )
    return f"关于{subject(dossier)}的{how.name}", (
        paragraph(_ordered(dossier, urged, how.word)),
        Heading(1, f"{how.word}{_what(dossier)}"),
        facts,
        Heading(1, "工作要求"),
        *map(paragraph, _wants(dossier, how.name)),
    )


def _circular(force: InForce, file: PaperFile, how: Manner) -> tuple[str, tuple[Block, ...]]:
    dossier, day = file.dossier, file.day or force.today
    what, done, due = _what(dossier), _done(dossier), day_in_words(dossier.due)
    facts = fact_table(dossier, on=day, overdue=True)
    if how.asks:
        opening = f"贵单位参与的下列{what}已过{due}期限。现将有关情况{how.word}贵单位，供研究工作时参考。"
        return f"关于{subject(dossier)}有关情况的函", (paragraph(opening), facts, paragraph("特此函告。"))
    opening = (
        f"{dossier.unit}承担的下列{what}应于{due}前{done}，经催办、督办，至今仍未{done}。"
        f"经研究，现将有关情况予以{how.word}，并报领导小组。"
    )
    wants = (
        f"{dossier.unit}要认真查找原因，落实责任和措施，尽快完成，并将{done}情况书面报告领导小组办公室。",
        "各单位要引以为戒，对照任务分工和时间节点自查，按期办理、如实反馈，遇到困难和问题及时提出。",
    )
    return f"关于{subject(dossier)}逾期未{done}情况的{how.name}", (
        paragraph(opening),
        Heading(1, "基本情况"),
        facts,
        Heading(1, "有关要求"),
        *map(paragraph, wants),
    )


def _what(dossier: Dossier) -> str:
    return "报送任务" if dossier.reports else "事项"


def _done(dossier: Dossier) -> str:
    return "报送" if dossier.reports else "办结"


def _asked_again(dossier: Dossier, urged: str) -> str:
    late = f"下列{_what(dossier)}应于{day_in_words(dossier.due)}前{_done(dossier)}，至今未收到{_done(dossier)}情况。"
    told = f"我办已于{urged}去函。" if urged else ""
    return f"{late}{told}现再次商请贵单位予以支持，有关情况如下。"


def _ordered(dossier: Dossier, urged: str, word: str) -> str:
    late = f"你单位承担的下列{_what(dossier)}应于{day_in_words(dossier.due)}前{_done(dossier)}，"
    told = f"经{urged}催办，" if urged else ""
    return f"{late}{told}至今仍未{_done(dossier)}。现予{word}，有关要求如下。"


def _wants(dossier: Dossier, name: str) -> tuple[str, ...]:
    quickly = (
        "请抓紧报送，数据须经审核并对真实性负责。"
        if dossier.reports
        else "请抓紧办理，办结后即报请核验，同时提交成果和佐证材料。"
    )
    return (
        "请单位负责同志过问，查明未按期完成的原因，明确措施、责任人和完成时间，向领导小组办公室书面报告。",
        quickly,
        f"请收到本{name}后填写所附回执，加盖单位印章后送领导小组办公室。",
    )
