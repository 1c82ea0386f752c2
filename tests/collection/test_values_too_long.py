"""A number with more digits than anybody counts is told from what is no number at all."""

from __future__ import annotations

import pytest

from config.errors import BadInput
from supervision.collection.values import read_value


@pytest.mark.parametrize(
    "text", ["1" + "0" * 18, "1,000,000,000,000,000,000", "0.12345678901", "-" + "9" * 16, "1" + "0" * 18 + "家"]
)
def test_too_many_digits_are_said_to_be_too_many(text: str) -> None:
    with pytest.raises(BadInput, match="位数过多"):
        read_value(text, "家")


@pytest.mark.parametrize("text", ["很多", "1,2345", "1.2.3", "12月"])
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadInput, match=r"不是数|计量单位"):
        read_value(text, "家")
