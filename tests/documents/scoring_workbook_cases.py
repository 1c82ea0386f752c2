"""Cases for the scoring workbook: whole populations, and such as try to lead a spreadsheet astray."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scoring_cases import MEASURE_TYPES, RATES, Json, a_case, a_district, an_item, cases, districts

from config.plan import load_plan, packaged_plan

CONDUCT = {"key_tasks": "60", "reporting": "20", "supervision": "20"}


def every_item() -> list[Json]:
    """Return an item for every measure type under every rule that it can bear, options alternating."""
    found = []
    for kind in MEASURE_TYPES:
        for rule in ("capped", "zhenjiang_2005", "best_takes_full", "efficacy"):
            rates_only, values_only = rule == "best_takes_full", rule == "efficacy"
            if (rates_only and kind not in RATES) or (values_only and kind in ("relative", "direction", "rubric")):
                continue
            place = len(found)
            options: Json = {"strict": place % 2 == 0 and kind != "exact_rate", "rule": rule}
            options["trajectory"] = [None, [["2021Q4", "0.1"]], [["2022Q1", "0"], ["2022Q3", "0.9"]]][place % 3]
            options["tolerance"] = [None, "0", "3"][place % 3]
            found.append(an_item(f"T{place:02d}", str(place % 4 + 1), measure_type=kind, **options))
            if kind == "stock":
                found.append(an_item(f"G{place:02d}", "0.7", measure_type=kind, basis="gain", **options))
    return found


def every_rule_case() -> Json:
    """Return a case of one district with an item for every measure type under every rule."""
    bounds = {"target": "10", "baseline": "2", "reference": "1", "good": "9", "bad": "1"}
    figures = {
        item["code"]: bounds | {"rating" if item["measure_type"] == "rubric" else "value": "1"} for item in every_item()
    }
    return a_case(every_item(), [a_district(figures=figures)])


@st.composite
def _wide_cases(draw: st.DrawFn) -> Json:
    scheme_items = every_item()
    return a_case(
        scheme_items,
        [draw(districts(f"{n:06d}", scheme_items, "capped")) for n in range(8)],
        weights={"key_tasks": "7", "reporting": "0.5", "supervision": "3"},
        cap=draw(st.sampled_from(["1", "1.2"])),
        min_coverage=draw(st.sampled_from([None, "0.5"])),
        adjustment_limit=draw(st.sampled_from([None, "0.125"])),
    )


def random_cases(strategy: st.SearchStrategy[Json], many: int) -> list[Json]:
    """Return the same `many` random cases every time."""
    found: list[Json] = []

    @settings(
        max_examples=many, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def collect(case: Json) -> None:
        found.append(case)

    collect()
    return found


def small_cases(many: int) -> list[Json]:
    """Return cases of one to four lines, with and without each component."""
    return random_cases(cases(), many)


def wide_cases(many: int) -> list[Json]:
    """Return cases of every measure type under every rule for eight districts."""
    return random_cases(_wide_cases(), many)


def a_full_case(*, districts: int = 13, seed: int = 3) -> Json:
    """Return the packaged plan's scheme with made-up figures for so many districts."""
    plan = load_plan(packaged_plan())
    scheme: Any = plan.score_scheme(plan.scheme("districts", quarter="2022Q2"))
    dice = random.Random(seed)
    items = scheme["components"][0]["items"]
    return {
        "plan": {"start": "2021-01-01", "end": "2023-12-31"},
        "quarter": "2022Q2",
        "as_of": "2022-07-25",
        "scheme": scheme,
        "districts": [_district(n, items, dice) for n in range(districts)],
    }


def _district(number: int, items: list[Json], dice: random.Random) -> Json:
    figures = {item["code"]: _figure(item, dice) for item in items}
    due = [{"due": "2022-03-31", "completed": f"2022-04-{dice.randint(1, 28):02d}"} for _ in range(6)]
    return a_district(
        f"33{number:04d}",
        name=f"第{number + 1}区",
        group=dice.choice(["区", "县市"]),
        figures=figures,
        items_due=[*due, {"due": "2022-06-30"}, {"due": "2022-09-30"}],
        requests=[{"late": dice.random() < 0.3, "returned": dice.randint(0, 2)} for _ in range(4)],
        supervision={"supervision_notices": dice.randint(0, 1), "circulars": 0},
        adjustments=[{"points": "0.35", "reason": "典型案例"}] * dice.randint(0, 1),
    )


def _figure(item: Json, dice: random.Random) -> Json:
    if dice.random() < 0.04:
        return {"target": "100", "value": None}
    target = dice.randint(20, 9000)
    value = Fraction(target * dice.randint(30, 110), 200 if item["measure_type"] == "cumulative" else 100)
    figure = {"target": str(target), "value": f"{float(value):.2f}", "reference": "5.25"}
    if item["measure_type"] == "stock" and dice.random() < 0.5:
        figure["baseline"] = str(target // 3)
    return figure


def units_case() -> Json:
    """Return a case of member units: no targets, no groups; one has nothing at all."""
    due = [
        {"due": "2022-03-31", "completed": "2022-03-31"},
        {"due": "2022-04-01", "completed": "2022-04-02"},
        {"due": "2022-01-28", "completed": "2022-02-16"},
        {"due": "2022-06-30", "completed": "2022-07-26"},
        {"due": "2022-08-01", "completed": None},
    ]
    requests = [{"late": True}, {"returned": 2}, {"late": True, "returned": 3}, {"missing": True, "returned": 1}, {}]
    papers = {"supervision_notices": 3, "circulars": 1}
    units = [
        a_district("scjg", name="市市场监管局", group=None, items_due=due, requests=requests),
        a_district("jx", name="市经信局", group=None, items_due=due[:2], supervision=papers),
        a_district("nothing", name="市税务局", group=None),
        a_district("lost", name="市人力社保局", group=None, supervision={"circulars": 40}, requests=requests * 9),
    ]
    return a_case([], units, weights=CONDUCT)


def halves_case() -> Json:
    """Return a case whose totals all lie exactly on a half, after sharing out in thirds and sevenths."""
    scheme_items = [an_item(code, "3", rule="capped") for code in ("T01", "T02", "T03")]
    rows = []
    for number in range(60):
        shares = ((1, 2, 4), (3, 3, 1), (5, 1, 1))[number % 3]
        figures = {f"T{n:02d}": {"target": "7", "value": str(share)} for n, share in enumerate(shares, start=1)}
        points = f"{number * 37 % 90 + number / 100 + 0.005:.3f}"
        adjustments = [{"points": points, "reason": None}]
        rows.append(a_district(f"{number:06d}", figures=figures, adjustments=adjustments))
    return a_case(scheme_items, rows, weights={"key_tasks": "3"}, adjustment_limit="1000")


def thresholds_case() -> Json:
    """Return a case in which every ratio lies exactly on a threshold that binary numbers miss by a hair."""
    scheduled = [["2022Q1", "0.3"], ["2022Q4", "0.7"]]
    scheme_items = [
        an_item("Z", "0.1", measure_type="cumulative", rule="zhenjiang_2005", trajectory=scheduled),
        an_item("G", "0.3", measure_type="stock", basis="gain", strict=True),
        an_item("C", "0.2", measure_type="ceiling_ratio", strict=True),
        an_item("R", "0.1", measure_type="relative", tolerance="0.3", rule="zhenjiang_2005"),
        an_item("E", "0.1", measure_type="stock", rule="efficacy"),
        an_item("M", "0.2", measure_type="annual_stock"),
    ]
    figures = {
        "Z": {"target": "9", "value": "3.12"},  # s = 0.3 + 0.4/3, and 9 x s x 0.8 = 3.12
        "G": {"target": "1000001.3", "baseline": "1000000.1", "value": "1000000.7"},
        "C": {"target": "2.7", "value": "2.7"},
        "R": {"reference": "1000000.3", "value": "1000000.24"},
        "E": {"target": "1.1", "baseline": "0.1", "value": "0.3", "good": "0.7", "bad": "0.1"},
        "M": {"target": "10", "value": None},
    }
    below = {**figures, "Z": {"target": "9", "value": "3.1199999"}, "C": {"target": "2.7", "value": "2.7000001"}}
    rows = [a_district("1", figures=figures), a_district("2", figures=below)]
    return a_case(scheme_items, rows, weights={"reporting": "1"}, min_coverage="0.8", max_total="1.715")


def hostile_case() -> Json:
    """Return a case whose names try to be formulas, wildcards or each other."""
    names = ['=HYPERLINK("http://127.0.0.1","x")', "+1+1", "-2", "@SUM(A1)", "{=1+1}", "*", "<b>&\"'"]
    groups = ["a", "A", "*", "=1", None, "a", "—"]
    codes = ["1", "01", "*", "=1", "A", "a", "~?"]
    scheme_items = [
        an_item("a", "1", measure_type="floor_ratio", rule="best_takes_full"),
        an_item("A", "1", measure_type="floor_ratio", rule="best_takes_full"),
    ]
    rows = [
        a_district(
            code,
            name=name,
            group=group,
            figures={"a": {"target": "1", "value": str(place - 2)}, "A": {"target": "1", "value": str(9 - place)}},
            adjustments=[{"points": "-0.5", "reason": "=cmd|' /C calc'!A0"}],
        )
        for place, (code, name, group) in enumerate(zip(codes, names, groups, strict=True))
    ]
    grades = [["2", "=A"], ["1", "=a"], ["0", "#N/A?"]]
    return a_case(scheme_items, rows, weights={"supervision": "3"}, grades=grades)
