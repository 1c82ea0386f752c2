"""Dates and periods as papers write them, and text that is safe in one line."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import day_in_words, one_line, period_in_words, shortened


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2022Q3", "2022年第三季度"),
        ("2022H1", "2022年上半年"),
        ("2022-07", "2022年7月"),
        ("2022-12", "2022年12月"),
        ("2022", "2022年"),
        ("2021-2023", "2021—2023年"),
        ("", ""),
        ("2022-13", "2022-13"),
        ("2022Q5", "2022Q5"),
        ("首次", "首次"),
    ],
)
def test_periods_are_written_as_papers_write_them(period: str, words: str) -> None:
    assert period_in_words(period) == words


def test_dates_have_no_leading_zeros() -> None:
    assert day_in_words(date(2022, 7, 1)) == "2022年7月1日"


def test_line_breaks_become_spaces_and_what_cannot_be_seen_is_gone() -> None:
    assert one_line(" a\r\n\tb\u2028c\x85d\x00\u202ee\ud800 ") == "a b c de"


def test_emoji_and_rare_characters_stay() -> None:
    assert one_line("𠮷野家👨‍👩‍👧") == "𠮷野家👨‍👩‍👧"


@given(st.text())
def test_one_line_is_one_line_that_any_mail_can_hold(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in line)
    assert one_line(line) == line


@given(st.text(), st.integers(1, 50))
def test_shortened_text_keeps_to_its_limit_and_short_text_stays(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")
