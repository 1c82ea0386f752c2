"""Who writes: the office and its words, from the plan in force and the settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from config.errors import BadInput
from config.plan import Unit as PlanUnit
from config.settings import Settings
from config.terms import NoticeKind, UnitKind
from models import Plan, PlanVersion
from notifications.facts import Sender
from notifications.mime import is_address
from notifications.replying import checked, reply_address
from notifications.wording import one_line

OFFICE = "领导小组办公室"
"""How the office signs when neither the settings nor the plan name it."""

_WORDED = (NoticeKind.URGE, NoticeKind.SUPERVISION_NOTICE, NoticeKind.CIRCULAR)
"""The kinds for which a plan says how each kind of unit is addressed (units.yaml, papers)."""


def read_sender(session: Session, settings: Settings, plan_id: int, *, on: date) -> Sender:
    """Return who writes for the plan on the day `on`, with the names that units bear on it.

    Raises BadInput when `mail_from` or `mail_reply_to` is no mail address, and when replies are to be read and cannot.
    """
    for name in ("mail_from", "mail_reply_to"):
        address = str(getattr(settings, name))
        if not is_address(address) and (address or name == "mail_from"):
            raise BadInput(f"设置项 {name} 应为一个邮箱地址，现为“{one_line(address)}”")
    if settings.imap_host:
        checked(settings)
    content, simulated = _content(session, plan_id)
    office = content.get("office", {})
    return Sender(
        plan_id=plan_id,
        office=settings.office or office.get("name") or OFFICE,
        address=settings.mail_from,
        portal_url=settings.portal_url,
        reply_to=reply_address(settings) if settings.imap_host else settings.mail_reply_to,
        reply_secret=settings.reply_secret if settings.imap_host else "",
        simulated=simulated,
        unit_names={unit["code"]: PlanUnit.model_validate(unit).name_on(on) for unit in content.get("units", ())},
        words={
            (UnitKind(entry["kind"]), kind): entry[kind.value]
            for entry in content.get("papers", ())
            for kind in _WORDED
        },
    )


def _content(session: Session, plan_id: int) -> tuple[Mapping[str, Any], bool]:
    """Return the plan folder as loaded, empty for a plan put in without one; and whether it is a demonstration."""
    statement = (
        select(col(PlanVersion.content), col(Plan.demonstrated_until))
        .select_from(Plan)
        .outerjoin(PlanVersion, col(PlanVersion.id) == col(Plan.content_id))
        .where(col(Plan.id) == plan_id)
    )
    content, demonstrated_until = session.execute(statement).one()
    return content or {}, demonstrated_until is not None
