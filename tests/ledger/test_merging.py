"""牵头单位汇总: whose feedback belongs to the lead's report, and how it reads put together."""

from __future__ import annotations

import pytest
from builders import DUE, OTHER_UNIT, UNIT, Office, on_sqlite

from config.errors import Refused
from config.terms import Action, Responsibility
from database import reading
from models import Item
from supervision.queries.merging import Merging, draft_of, is_merged, merging
from supervision.queries.sight import sight_of

LEADS_TASK = "市市场监管局"
"""Leads key task 1, to which the builder's items belong."""


def said(office: Office, number: int, unit: str, progress: str, when: str = "2022-07-05", **more: str) -> None:
    code = office.force.plan.unit(unit).code
    office.act(number, Action.REPORT_PROGRESS, by=f"{code}.liaison", when=when, comment=progress, **more)


def merged(office: Office, number: int) -> Merging:
    """Return what the liaison of the item's unit can merge."""
    with reading(office.database) as session:
        item = session.get_one(Item, number)
        liaison = office.actor(f"{office.force.unit_codes[item.unit_id]}.liaison", "2022-07-20")
        return merging(session, office.force, sight_of(session, office.force, liaison), item, as_of=DUE)


def test_the_lead_of_a_task_hears_every_unit_of_it_on_the_period_in_official_order(office: Office) -> None:
    lead = office.a_signed_item(unit=LEADS_TASK)
    science = office.a_signed_item(unit=OTHER_UNIT, role=Responsibility.SUPPORTING)
    industry = office.a_signed_item(unit=UNIT, role=Responsibility.SUPPORTING)
    office.a_signed_item(unit="市人力社保局", role=Responsibility.SUPPORTING)
    said(office, science, OTHER_UNIT, "已立项10个", problems="资金未到位")
    said(office, industry, UNIT, "旧的进展")
    said(office, industry, UNIT, "新的进展", when="2022-07-06", next_steps="下月验收")
    found = merged(office, lead)
    assert found.own.item.id == lead
    order = [unit.name for unit in office.force.plan.units]
    heard = [voice.item.unit for voice in found.others]
    assert heard == sorted(heard, key=order.index) and len(heard) == 3
    assert found.silent == ("市人力社保局",) and all(voice.seen for voice in found.others)
    draft = draft_of([found.own, *found.others])
    assert "市经信局：新的进展" in draft.progress.splitlines() and "旧的进展" not in draft.progress
    assert "市科技局：已立项10个" in draft.progress.splitlines()
    assert (draft.problems, draft.next_steps) == ("市科技局：资金未到位", "市经信局：下月验收")


@on_sqlite
def test_a_unit_with_several_items_is_named_once(office: Office) -> None:
    lead = office.a_signed_item(unit=LEADS_TASK)
    for title in ("甲事", "乙事"):
        said(office, office.a_signed_item(unit=OTHER_UNIT, title=title), OTHER_UNIT, f"{title}已办")
    assert draft_of(merged(office, lead).others).progress == "市科技局：\n（1）甲事：甲事已办\n（2）乙事：乙事已办"


@on_sqlite
def test_another_period_is_left_out_and_a_longer_one_speaks_for_what_was_said_within(office: Office) -> None:
    lead = office.a_signed_item(unit=LEADS_TASK, period="2022Q3")
    earlier = office.a_signed_item(unit=OTHER_UNIT, period="2022Q2")
    monthly = office.a_signed_item(unit=OTHER_UNIT, period="2022-08", title="月报")
    yearly = office.a_signed_item(unit=OTHER_UNIT, period="2022", title="年报", assigned="2022-06-01")
    for number in (earlier, monthly):
        said(office, number, OTHER_UNIT, "有进展")
    said(office, yearly, OTHER_UNIT, "六月的话", when="2022-06-10")
    found = {voice.item.id: voice.said for voice in merged(office, lead).others}
    assert set(found) == {monthly, yearly}
    assert found[yearly] is None
    said(office, yearly, OTHER_UNIT, "七月的话", when="2022-07-10")
    found = {voice.item.id: voice.said for voice in merged(office, lead).others}
    assert found[yearly] is not None and found[yearly].progress == "七月的话"


@on_sqlite
def test_who_leads_a_measure_but_not_its_task_hears_only_the_units_of_the_measure(office: Office) -> None:
    lead = office.a_signed_item(unit=UNIT)
    beside = office.a_signed_item(unit=OTHER_UNIT, role=Responsibility.SUPPORTING)
    elsewhere = office.a_signed_item(unit="市人力社保局", measure_id=1 if office.item(lead).measure_id != 1 else 2)
    found = [voice.item.id for voice in merged(office, lead).others]
    assert beside in found and elsewhere not in found


@on_sqlite
def test_the_lead_of_a_matter_hears_its_other_units(office: Office) -> None:
    lead, other = office.a_matter(units=[UNIT, OTHER_UNIT])
    office.act(other, Action.ACKNOWLEDGE, by="kjj.liaison", when="2022-07-04")
    said(office, other, OTHER_UNIT, "清理三处")
    [voice] = merged(office, lead).others
    assert draft_of([voice]).progress == "市科技局：清理三处" and not voice.seen
    with pytest.raises(Refused, match="牵头单位"):
        merged(office, other)


@on_sqlite
def test_a_withdrawn_item_and_a_part_are_not_heard(office: Office) -> None:
    lead = office.a_signed_item(unit=LEADS_TASK)
    office.a_part(office.a_signed_item(unit=UNIT))
    gone = office.a_signed_item(unit=OTHER_UNIT)
    office.act(gone, Action.WITHDRAW, by="leader.signer", comment="重复交办")
    assert [voice.item.unit for voice in merged(office, lead).others] == [UNIT]


@on_sqlite
def test_merging_is_offered_only_where_there_is_something_to_merge(office: Office) -> None:
    alone = office.a_signed_item(unit=LEADS_TASK)
    with reading(office.database) as session:
        assert not is_merged(session, session.get_one(Item, alone))
    support = office.a_signed_item(unit=OTHER_UNIT, role=Responsibility.SUPPORTING)
    with reading(office.database) as session:
        assert is_merged(session, session.get_one(Item, alone))
        assert not is_merged(session, session.get_one(Item, support))
