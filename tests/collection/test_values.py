"""What a cell states: a number, zero, 不适用 and nothing are never taken for one another."""

from __future__ import annotations

from decimal import Decimal

import pytest
from filings import number
from hypothesis import given
from hypothesis import strategies as st

from config.errors import BadInput
from config.terms import FigureState
from supervision.collection.values import BLANK, Value, read_value

UNITS = ["家", "亿元", "%", "平方米", "户", "台次"]
plain_numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=4)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("480", "家", "480"),
        ("0", "家", "0"),
        ("0.00", "家", "0"),
        ("-0", "家", "0"),
        ("480.0", "家", "480"),
        ("007", "家", "7"),
        ("１２３４", "家", "1234"),
        ("1,234", "家", "1234"),
        ("1，234，567.8", "亿元", "1234567.8"),
        ("-3.2", "%", "-3.2"),
        ("－3.2", "%", "-3.2"),
        ("−3.2", "%", "-3.2"),
        ("+5", "%", "5"),
        ("2.5%", "%", "2.5"),
        ("2.5％", "%", "2.5"),
        ("480家", "家", "480"),
        ("480 家", "家", "480"),
        ("16.5万", "家", "165000"),
        ("16.5万家", "家", "165000"),
        ("450万平方米", "平方米", "4500000"),
        ("4.8亿元", "亿元", "4.8"),
        ("4.8亿", "亿元", "4.8"),
        ("　5　", "家", "5"),
    ],
)
def test_an_unambiguous_number_is_read_in_base_units(text: str, unit: str, value: str) -> None:
    assert read_value(text, unit) == number(value)


@pytest.mark.parametrize("text", ["", "  ", "　"])
def test_nothing_is_nothing(text: str) -> None:
    assert read_value(text, "家") == BLANK


@pytest.mark.parametrize("text", ["不适用", " 不适用 ", "N/A", "n/a"])
def test_a_claim_that_none_applies_is_its_own_state(text: str) -> None:
    assert read_value(text, "家") == Value(FigureState.NOT_APPLICABLE)


@pytest.mark.parametrize("text", ["-", "—", "——", "/", "无", "没有", "零", "NA", "null"])
def test_what_may_mean_zero_or_nothing_is_refused_with_the_three_ways_out(text: str) -> None:
    with pytest.raises(BadInput, match=r"写 0.*写“不适用”.*留空"):
        read_value(text, "家")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1,23", "家"), ("1,2345", "家"), (",123", "家"), ("1.2.3", "家"), (".5", "%"), ("5.", "%"), ("1 234", "家"),
        ("(5)", "家"), ("5-6", "家"), ("约500", "家"), ("500多", "家"), ("10³", "家"), ("1½", "家"), ("Ⅴ", "家"),
        ("٣", "家"), ("一百", "家"), ("=1+1", "家"), ("2022-06-30", "家"), ("1e5", "家"), ("1.65E+05", "家"),
        ("480户", "家"), ("2.5%", "家"), ("3万", "%"), ("480万元", "亿元"), ("3万万", "家"), ("NaN", "家"),
        ("inf", "家"), ("1" * 16, "家"), ("0." + "1" * 11, "亿元"), ("9" * 5000, "家"),
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused(text: str, unit: str) -> None:
    with pytest.raises(BadInput):
        read_value(text, unit)


@given(value=plain_numbers, unit=st.sampled_from(UNITS))
def test_every_plain_number_is_read_exactly(value: Decimal, unit: str) -> None:
    assert read_value(format(value, "f"), unit).number == value


@given(value=plain_numbers, unit=st.sampled_from(UNITS))
def test_separators_and_width_change_nothing(value: Decimal, unit: str) -> None:
    grouped = format(value, ",f")
    wide = "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in grouped)
    assert read_value(grouped, unit) == read_value(wide, unit) == read_value(format(value, "f"), unit)


@given(value=plain_numbers, unit=st.sampled_from(UNITS))
def test_a_value_shown_in_a_form_is_read_as_itself(value: Decimal, unit: str) -> None:
    shown = read_value(format(value, "f"), unit)
    assert read_value(shown.text, unit) == shown


@pytest.mark.parametrize("value", [BLANK, Value(FigureState.NOT_APPLICABLE), number("0")])
def test_the_three_that_are_no_ordinary_number_come_back_as_themselves(value: Value) -> None:
    assert read_value(value.text, "家") == value


@given(text=st.text(max_size=30), unit=st.sampled_from(UNITS))
def test_any_text_is_a_value_or_one_line_of_refusal(text: str, unit: str) -> None:
    try:
        value = read_value(text, unit)
    except BadInput as refusal:
        assert str(refusal)
    else:
        assert (value.number is not None) == (value.state is FigureState.NUMBER)


@given(text=st.text(alphabet="0123456789.,-+%万亿元家eE ", max_size=20), unit=st.sampled_from(UNITS))
def test_a_number_is_only_taken_from_text_that_has_its_digits(text: str, unit: str) -> None:
    try:
        value = read_value(text, unit).number
    except BadInput:
        return
    if value is not None:
        stated = "".join(c for c in text if c.isdigit() or c == ".")
        assert abs(value) in {Decimal(stated).scaleb(power) for power in (0, 4, 8)}
