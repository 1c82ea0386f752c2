"""Plans of made-up counties (模拟数据), made from the packaged plan: of one city, a province or the whole country."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.plan import Plan, load_plan, packaged_plan

PROVINCES = 31
FIRST_CODE = 100000
"""The code of the first made-up county; no real one begins with 10."""

COUNTIES_NAME = "各区县（市）政府"
"""The group of the packaged plan in which the counties are."""

_WORDS = "东西南北中上下左右前后春夏秋冬金木水火土日月山河江湖海天地人和"
"""A sign for each province, so that each has a 机关代字 of its own."""


def plan_of(counties: int, *, first: int = 0, place: int | None = None, **reporting: Any) -> Plan:
    """Return the packaged plan with `counties` made-up ones for its districts, beginning with number `first`.

    `place` makes it the plan of a tenant of its own. `reporting` takes the place of parts of the forms' file.
    """
    data: dict[str, Any] = load_plan(packaged_plan()).model_dump(mode="json")
    district = next(unit for unit in data["units"] if unit["kind"] == "district")
    others = [unit for unit in data["units"] if unit["kind"] != "district"]
    made = [district | _county(number) for number in range(first, first + counties)]
    data["units"] = others + made
    _regroup(data, {unit["name"] for unit in others}, [county["name"] for county in made])
    for base in data["assessment"]["bases"]:
        base["shares"] = [{"district": unit["name"], "value": _share(unit)} for unit in made]
    data["reporting"] |= reporting
    if place is not None:
        data["tenant"] = {"code": f"place{place:02}", "name": f"模拟省{place:02}（模拟数据）"}
        data["code"] = f"plan{place:02}"
        data["office"]["word"] = f"模{_WORDS[place]}督办"
    return Plan.model_validate(data, context={"stored": True})


def country_of(counties: int) -> Iterator[Plan]:
    """Yield the plans of `counties`: one up to a province's size, else one for each of the provinces."""
    places = 1 if counties < PROVINCES * PROVINCES else PROVINCES
    first = 0
    for place in range(places):
        many = counties // places + (place < counties % places)
        yield plan_of(many, first=first, place=place)
        first += many


def _county(number: int) -> dict[str, Any]:
    name = f"模拟县{number:04}"
    return {"code": f"{FIRST_CODE + number}", "name": name, "official_name": f"{name}（模拟数据）", "aliases": []}


def _share(unit: dict[str, Any]) -> int:
    """Return the made-up population by which the city's targets are split."""
    return 300_000 + int(unit["code"]) * 7919 % 500_000


def _regroup(data: dict[str, Any], known: set[str], counties: list[str]) -> None:
    """Put the counties where the districts were: all into their group, two thirds and one third into the peers'."""
    share = len(counties) * 2 // 3
    peers = iter((counties[:share], counties[share:]))
    for group in data["groups"]:
        for membership in group["memberships"]:
            if not known & {*membership["units"]}:
                membership["units"] = next(peers) if group["purpose"] == "peer" else counties
