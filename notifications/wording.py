"""Words: dates, periods and names as the office writes them, and text that is safe in one line."""

from __future__ import annotations

import re
from datetime import date

ELLIPSIS = "…"

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]+"
)
"""Control characters, marks that turn the direction of writing, and halves of pairs that UTF-8 cannot hold."""

_SPACES = re.compile(r"\s+")

_QUARTERS = {"1": "一", "2": "二", "3": "三", "4": "四"}
_HALVES = {"1": "上", "2": "下"}
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>0[1-9]|1[0-2])|-(?P<last>\d{4}))?"
)


def one_line(text: str) -> str:
    """Return `text` in one line: line breaks become spaces, characters that cannot be seen are gone.

    What comes out holds no CR or LF, so it can stand in a header or a subject.
    """
    return _SPACES.sub(" ", _UNPRINTABLE.sub("", text)).strip()


def shortened(text: str, limit: int) -> str:
    """Return `text`, or its beginning and an ellipsis, in at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - len(ELLIPSIS)].rstrip() + ELLIPSIS


def day_in_words(day: date) -> str:
    """Return the date as papers write it: 2022年7月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_in_words(period: str) -> str:
    """Return a period as papers write it: 2022Q3 is 2022年第三季度. What is no period is returned as it is."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return period
    year = f"{found['year']}年"
    if found["quarter"]:
        return f"{year}第{_QUARTERS[found['quarter']]}季度"
    if found["half"]:
        return f"{year}{_HALVES[found['half']]}半年"
    if found["month"]:
        return f"{year}{int(found['month'])}月"
    return f"{found['year']}—{found['last']}年" if found["last"] else year
