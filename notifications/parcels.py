"""Reading what the claimed messages carry: one query for a batch, whatever its size."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlmodel import Session, col

from config.terms import DeliveryStatus
from models import Delivery, Form, Item, Message, Notice, Paper, Person, ReportingRequest, Unit
from notifications.facts import NoticeFacts, Parcel, Recipient, Sender


def read_parcels(session: Session, messages: Sequence[int], sender: Sender) -> list[Parcel]:
    """Return the claimed messages with their recipient and all they carry, in the order of their numbers.

    A message whose deliveries were all cancelled in the meantime is not among them.
    """
    rows = session.execute(_statement(messages)).all()
    return [_parcel(list(found), sender) for _, found in groupby(rows, key=lambda row: row.message_id)]


def _statement(messages: Sequence[int]) -> Select[Any]:
    unit, request = col(Notice.unit_id), col(Notice.request_id)
    return (
        select(
            col(Message.id).label("message_id"), col(Message.key),
            col(Person.id).label("person_id"), col(Person.login), col(Person.name), col(Person.email),
            col(Person.synthetic), col(Person.phone),
            col(Delivery.id).label("delivery_id"), col(Delivery.attempts), col(Delivery.of_unit),
            col(Notice.id).label("notice_id"), col(Notice.kind), col(Notice.item_id), col(Notice.request_id),
            col(Notice.due), col(Notice.because), col(Notice.urgent),
            col(Unit.code).label("unit_code"), col(Unit.name).label("unit_name"), col(Unit.kind).label("unit_kind"),
            col(Item.title).label("item_title"), col(Form.title).label("form_title"),
            func.coalesce(col(Item.period), col(ReportingRequest.period), "").label("period"),
            col(Paper.series), col(Paper.year), col(Paper.number),
        )
        .join(Message, col(Message.id) == col(Delivery.message_id))
        .join(Person, col(Person.id) == col(Message.person_id))
        .join(Notice, col(Notice.id) == col(Delivery.notice_id))
        .join(Unit, col(Unit.id) == unit)
        .outerjoin(Item, col(Item.id) == col(Notice.item_id))
        .outerjoin(ReportingRequest, col(ReportingRequest.id) == request)
        .outerjoin(Form, col(Form.id) == col(ReportingRequest.form_id))
        .outerjoin(Paper, col(Paper.notice_id) == col(Notice.id))
        .where(col(Delivery.message_id).in_(messages), col(Delivery.status) == DeliveryStatus.SENDING)
        .order_by(col(Delivery.message_id), col(Delivery.id))
    )  # fmt: skip


def _parcel(rows: list[Row[Any]], sender: Sender) -> Parcel:
    first = rows[0]
    return Parcel(
        message_id=first.message_id,
        key=first.key,
        recipient=Recipient(first.person_id, first.login, first.name, first.email, first.synthetic, first.phone),
        notices=tuple(_facts(row, sender) for row in rows),
        delivery_ids=tuple(row.delivery_id for row in rows),
        attempts=max(row.attempts for row in rows),
    )


def _facts(row: Row[Any], sender: Sender) -> NoticeFacts:
    return NoticeFacts(
        notice_id=row.notice_id,
        kind=row.kind,
        unit=sender.unit_names.get(row.unit_code, row.unit_name),
        unit_kind=row.unit_kind,
        # About neither an item nor a form: what stands before the particulars is the subject.
        title=row.item_title or (f"《{row.form_title}》" if row.form_title else row.because.partition("：")[0]),
        because=row.because,
        period=row.period,
        due=row.due,
        item_id=row.item_id,
        request_id=row.request_id,
        urgent=row.urgent,
        of_unit=row.of_unit,
        paper_series=row.series,
        paper_year=row.year,
        paper_number=row.number,
    )
