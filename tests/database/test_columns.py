"""What goes into a column comes out of it: the same instant, the same digits, the same word, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Numeric, Table, insert, select, text
from sqlalchemy.exc import StatementError
from sqlmodel import Session, col

from config.clock import ZONE
from config.terms import Responsibility, Status, UnitKind
from database import Database, reading, writing
from database.columns import ExactDecimal, UtcDateTime, document, term
from models import Event, Tenant, Unit

SAMPLES = Table(
    "sample",
    MetaData(),
    Column("at", UtcDateTime),
    Column("figure", ExactDecimal),
    Column("status", term(Status)),
    Column("data", document()),
)

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30), timezones=ZONES)  # noqa: DTZ001 - the zone is drawn
FIGURES = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30, places=None)

slow = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
"""Each example is two transactions; the samples are emptied by each."""


@pytest.fixture
def samples(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    with writing(found) as session:
        SAMPLES.create(session.connection())
    yield found
    found.dispose()


def kept(database: Database, **values: object) -> object:
    """Return what a column gives back after the value was committed."""
    (column,) = values
    with writing(database) as session:
        session.execute(SAMPLES.delete())
        session.execute(insert(SAMPLES).values(values))
    with reading(database) as session:
        return session.scalars(select(SAMPLES.c[column])).one()


@given(at=INSTANTS)
@slow
def test_an_instant_comes_back_aware_and_the_same(samples: Database, at: datetime) -> None:
    found = kept(samples, at=at)
    assert isinstance(found, datetime)
    assert found == at
    assert found.tzinfo is UTC


def test_instants_are_ordered_by_time_whatever_their_zone(samples: Database) -> None:
    midnight = datetime(2022, 7, 1, 0, 0, tzinfo=ZONE)
    before = datetime(2022, 6, 30, 15, 59, 59, tzinfo=UTC)
    with writing(samples) as session:
        session.execute(insert(SAMPLES), [{"at": midnight}, {"at": before}])
    with reading(samples) as session:
        assert session.scalars(select(SAMPLES.c.at).where(SAMPLES.c.at < midnight)).all() == [before]


def test_an_instant_without_a_zone_is_refused(samples: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        kept(samples, at=datetime(2022, 7, 1, 9, 0))  # noqa: DTZ001 - that is the point


@given(figure=FIGURES)
@slow
def test_a_figure_keeps_every_digit(samples: Database, figure: Decimal) -> None:
    found = kept(samples, figure=figure)
    assert isinstance(found, Decimal)
    assert found == figure


@pytest.mark.parametrize("figure", ["98.895", "12345678901234567890.123456789012345678"])
def test_a_figure_is_no_binary_fraction_on_the_way(samples: Database, figure: str) -> None:
    assert kept(samples, figure=Decimal(figure)) == Decimal(figure)


def test_what_is_no_number_is_refused_as_a_figure(samples: Database) -> None:
    for figure in (0.1, 3, "1.5"):
        with pytest.raises(StatementError, match="no Decimal"):
            kept(samples, figure=figure)
    for name in ("NaN", "Infinity", "-Infinity"):
        with pytest.raises(StatementError, match="cannot be stored"):
            kept(samples, figure=Decimal(name))


def test_nothing_is_kept_as_nothing_and_zero_as_zero(samples: Database) -> None:
    assert kept(samples, figure=None) is None
    assert kept(samples, figure=Decimal(0)) == 0
    assert kept(samples, at=None) is None


def test_a_term_is_stored_by_its_value_and_comes_back_as_the_term(samples: Database) -> None:
    for status in Status:
        assert kept(samples, status=status) is status
        with reading(samples) as session:
            assert session.execute(text("SELECT status FROM sample")).scalar() == status.value


def test_a_term_of_a_model_is_stored_by_its_value(database: Database) -> None:
    with writing(database) as session:
        session.add(Tenant(id=1, code="hangzhou", name="杭州市"))
        session.flush()
        session.add(Unit(tenant_id=1, code="scjg", name="市市场监管局", kind=UnitKind.MUNICIPAL, sort_order=1))
    with reading(database) as session:
        assert session.execute(text("SELECT kind FROM unit")).scalar() == "municipal"
        assert session.scalars(select(Unit)).one().kind is UnitKind.MUNICIPAL


def test_a_word_outside_the_vocabulary_is_not_passed_off_as_a_term(samples: Database) -> None:
    with pytest.raises(StatementError):
        kept(samples, status=Responsibility.LEAD)
    with writing(samples) as session:
        session.execute(text("INSERT INTO sample (status) VALUES ('done')"))
    with reading(samples) as session, pytest.raises(LookupError):
        session.scalars(select(SAMPLES.c.status)).one()


def test_a_document_comes_back_as_it_went_in(samples: Database) -> None:
    data = {"b": [1, None, True], "a": {"文号": "杭小微办督〔2022〕3号", "points": "98.90"}}
    assert kept(samples, data=data) == data


def test_every_instant_of_the_models_is_kept_in_utc() -> None:
    naive = [
        f"{table.name}.{column.name}"
        for table in Event.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_at") and not isinstance(column.type, UtcDateTime)
    ]
    assert naive == []


def test_no_figure_of_the_models_is_a_binary_fraction() -> None:
    inexact = [
        f"{table.name}.{column.name}"
        for table in Event.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Numeric)
    ]
    assert inexact == []


def test_a_session_sees_its_own_rows_as_terms_and_instants(database: Database) -> None:
    with writing(database) as session:
        session.add(Tenant(id=7, code="x", name="某市"))
        session.flush()
        at = datetime(2022, 7, 1, 9, 0, tzinfo=ZONE)
        session.add(Event(tenant_id=7, seq=1, at=at, actor="a", action="b", data={}, previous_hash="", hash=""))
        session.flush()
        session.expire_all()
        assert _only_event(session).at == at


def _only_event(session: Session) -> Event:
    return session.scalars(select(Event).where(col(Event.tenant_id) == 7)).one()
