"""Templates: one environment, what they share, and how values read in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from config.clock import ZONE
from config.plan.schema.base import in_chinese
from config.terms import Decision, Status


def rendered(template: str, **shown: Any) -> str:
    """Return the page."""
    return _environment().get_template(template).render(shown)


def moment(value: datetime | None) -> str:
    """Return an instant as the office reads it: 2022-07-04 08:45, in Beijing time; nothing for None."""
    return "" if value is None else f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"


def day(value: date | None) -> str:
    """Return a day as 2022-07-04; nothing for None."""
    return "" if value is None else value.isoformat()


def number(value: Decimal | int | str | None) -> str:
    """Return an exact number without trailing zeros, thousands apart: 12,345.6; nothing for None."""
    if value is None:
        return ""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: Decimal | str | None) -> str:
    """Return a share of one as a percentage with one decimal; nothing for None."""
    return "" if value is None else f"{Decimal(value) * 100:.1f}%"


def paragraphs(text: str) -> Markup:
    """Return text with its line breaks as they were typed."""
    lines = [Markup.escape(line) for line in text.splitlines()]
    return Markup("<br>").join(lines)


def choices(terms: Iterable[Any]) -> list[tuple[str, str]]:
    """Return terms as a list offers them: value and word."""
    return [(term.value, term.label) for term in terms]


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Return the address of a file under static/, which changes when the file does."""
    content = (files("web") / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters |= {
        "moment": moment, "day": day, "number": number, "percent": percent, "paragraphs": paragraphs,
        "choices": choices, "source": in_chinese,
    }  # fmt: skip
    found.globals |= {"asset": asset, "Status": Status, "Decision": Decision}
    return found
