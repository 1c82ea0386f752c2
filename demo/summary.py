"""What a demonstration comes to, read from the tables: results, what is overdue, what was sent, where to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from config.terms import Channel, DeliveryStatus, Level, NoticeKind, Population, Role
from demo.accounts import ADMINISTRATOR, kept_password, password_file
from models import Delivery, Event, Figure, Item, Message, Notice, ReportingRequest
from supervision.in_force import InForce
from supervision.ledger.assessments import stored
from supervision.periods import Period
from supervision.queries.items import ItemLine, items

OVERDUE_SHOWN = 20


@dataclass(frozen=True)
class ResultLine:
    """One assessed unit. `interval` is the rank's; `points` are by component; both as `duban assess` prints them."""

    rank: int | None
    name: str
    group: str | None
    total: str
    grade: str
    interval: tuple[int, int] | None
    points: Mapping[str, str]


@dataclass(frozen=True)
class NoticeCount:
    """How many deliveries of a kind of notice have a status."""

    kind: NoticeKind
    status: DeliveryStatus
    count: int


@dataclass(frozen=True)
class Summary:
    """What there is to see when the demonstration stands at the close of `day`.

    `overdue` are the first OVERDUE_SHOWN of `overdue_count` items. `counts` are rows by word. `findings` is what the
    audits complained of on the last days that were played; `elapsed` is in seconds.
    """

    title: str
    quarter: str
    day: date
    districts: tuple[ResultLine, ...]
    units: tuple[ResultLine, ...]
    overdue: tuple[ItemLine, ...]
    overdue_count: int
    notices: tuple[NoticeCount, ...]
    counts: Mapping[str, int]
    findings: tuple[str, ...]
    elapsed: float
    where: tuple[str, ...]
    password: str
    """With which everybody in it signs in to the portal."""


def summary(
    session: Session, force: InForce, quarter: Period, *, home: Path, findings: Sequence[str], elapsed: float
) -> Summary:
    """Return the summary of `quarter` as the database stands."""
    day = force.today
    overdue = items(session, force, as_of=day, overdue=True)
    return Summary(
        title=force.plan.title,
        quarter=str(quarter),
        day=day,
        districts=_results(session, force, quarter, Population.DISTRICTS),
        units=_results(session, force, quarter, Population.UNITS),
        overdue=tuple(overdue[:OVERDUE_SHOWN]),
        overdue_count=len(overdue),
        notices=_notices(session, force),
        counts=_counts(session, force),
        findings=tuple(findings),
        elapsed=elapsed,
        where=_where(force, quarter, home, overdue),
        password=kept_password(home),
    )


def _results(session: Session, force: InForce, quarter: Period, population: Population) -> tuple[ResultLine, ...]:
    found = stored(session, force, quarter, population, as_of=None)
    return tuple(_result(line) for line in found.result["districts"]) if found is not None else ()


def _result(line: Mapping[str, Any]) -> ResultLine:
    interval = line["rank_interval"]
    return ResultLine(
        rank=line["rank"],
        name=line["name"],
        group=line["group"],
        total=line["total"],
        grade=line["grade"],
        interval=(interval[0], interval[1]) if interval else None,
        points={component["code"]: component["points"] for component in line["components"]},
    )


def _notices(session: Session, force: InForce) -> tuple[NoticeCount, ...]:
    """Count the deliveries of the ladder's notices by level and status, in the order of the vocabularies."""
    statement = (
        select(col(Notice.kind), col(Delivery.status), func.count())
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .where(col(Delivery.plan_id) == force.plan_id, col(Notice.kind).in_([level.value for level in Level]))
        .group_by(col(Notice.kind), col(Delivery.status))
    )
    counted = {(kind, status): count for kind, status, count in session.execute(statement).tuples()}
    return tuple(
        NoticeCount(kind, status, counted[kind, status])
        for kind in NoticeKind
        for status in DeliveryStatus
        if (kind, status) in counted
    )


def _counts(session: Session, force: InForce) -> Mapping[str, int]:
    def count(table: type[Item | ReportingRequest | Figure], *chosen: ColumnElement[bool]) -> int:
        return session.scalars(select(func.count()).where(col(table.plan_id) == force.plan_id, *chosen)).one()

    acts = select(func.count()).where(col(Event.tenant_id) == force.tenant_id, col(Event.actor).not_like("flow:%"))
    mails = select(func.count()).where(
        col(Message.plan_id) == force.plan_id,
        col(Message.channel) == Channel.EMAIL,
        col(Message.status) == DeliveryStatus.DELIVERED,
    )
    return {
        "交办事项": count(Item, col(Item.retrospective).is_(False)),
        "追溯登记事项": count(Item, col(Item.retrospective).is_(True)),
        "报送任务": count(ReportingRequest),
        "数值": count(Figure),
        "人员办理": session.scalars(acts).one(),
        "邮件": session.scalars(mails).one(),
    }


def _where(force: InForce, quarter: Period, home: Path, overdue: Sequence[ItemLine]) -> tuple[str, ...]:
    example = overdue[0].id if overdue else 1
    return (
        f"duban serve：打开页面，用登录名 {_logins(force)} 等和口令 {kept_password(home)} 登录"
        f"（口令也在 {password_file(home)}）",
        "duban items --overdue：逾期事项",
        f"duban history {example}：一个事项的办理经过",
        "duban paper list：督办单和通报",
        f"duban assess {quarter}：考核结果和每一项得分",
        f"duban report {quarter} --out 通报：考核通报、得分说明、评分工作簿和图表",
        "duban assessment list：考核结果的公示和发布",
        "duban flag list：待核查的数据疑点",
        "duban target show：目标分解和各区、县（市）的确认、异议",
        "duban series alerts：统计预警",
        "duban release list：统计数据的发布日历",
        "duban audit verify：核验审计链",
        f"{home / 'mail'}：发出的邮件（Maildir，可用邮件客户端打开）",
    )


def _logins(force: InForce) -> str:
    """Return one login of each role, by which the portal is looked at with different eyes."""
    by_role = {account.role: account.login for account in reversed(force.plan.accounts())}
    roles = (Role.OFFICE, Role.LIAISON, Role.UNIT_HEAD, Role.LEADER, Role.AUDITOR)
    return "、".join([*(by_role[role.value] for role in roles if role.value in by_role), ADMINISTRATOR])
