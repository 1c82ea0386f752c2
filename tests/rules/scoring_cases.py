"""Cases for the calculator: builders with sane defaults, and random ones for hypothesis.

Everything is built as the JSON that a district would write, so that every test goes through the reader.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from supervision.scoring import Result, assess, read_case
from supervision.workdays import published

Json = dict[str, Any]

GOLDEN = Path(__file__).parent.parent / "cases" / "scoring_golden.json"

RATES = ("average_growth", "floor_ratio", "exact_rate")
MEASURE_TYPES = (
    "cumulative",
    "stock",
    "annual_stock",
    *RATES,
    "ceiling_ratio",
    "relative",
    "direction",
    "rubric",
)


def golden() -> Json:
    """Return a fresh copy of the case whose total is 98.90."""
    case: Json = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return case


def an_item(code: str = "T01", weight: object = "10", **options: object) -> Json:
    return {"code": code, "weight": weight, "measure_type": "annual_stock", **options}


def a_district(code: str = "330102", **content: object) -> Json:
    return {"code": code, "name": f"区{code}", "group": "区", **content}


def a_case(items: list[Json], districts: list[Json], *, weights: Json | None = None, **scheme: object) -> Json:
    """Return a case with these items and, beside the targets, components of the given weights."""
    components = [{"code": code, "weight": weight} for code, weight in (weights or {}).items()]
    if items:
        whole = sum(Decimal(str(item["weight"])) for item in items)
        components = [{"code": "targets", "weight": str(whole), "items": items}, *components]
    return {
        "plan": {"start": "2021-01-01", "end": "2023-12-31"},
        "quarter": "2022Q2",
        "as_of": "2022-07-25",
        "scheme": {"components": components, **scheme},
        "districts": districts,
    }


def assessed(case: Json) -> Result:
    """Return the result of a case under the national calendar."""
    return assess(read_case(case), calendar=published())


def scored(case: Json) -> Json:
    """Return the printed result of a case."""
    return assessed(case).as_json()


def only(case: Json) -> Json:
    """Return the printed result of the one district of a case."""
    (district,) = scored(case)["districts"]
    found: Json = district
    return found


def the_line(item: Json, figure: Json, *others: Json, **scheme: object) -> Json:
    """Return the printed line of one item of one district; `others` are the figures of further districts."""
    figures = [figure, *others]
    districts = [a_district(f"{index:06d}", figures={item["code"]: each}) for index, each in enumerate(figures)]
    result = scored(a_case([item], districts, **scheme))
    district = next(each for each in result["districts"] if each["code"] == "000000")
    line: Json = district["components"][0]["items"][0]
    return line


_numbers = st.one_of(
    st.integers(-3, 12).map(str),
    st.sampled_from(["0.5", "2.25", "1e1", "99.9", "0.005", "7.0"]),
    st.integers(1, 9),
)
_counts = st.integers(0, 3)
_days = st.sampled_from(["2022-03-31", "2022-04-02", "2022-04-18", "2022-07-25", "2022-07-26", "2022-08-05"])
_weights = st.sampled_from(["1", "2", "3", "0.5", "7", "10"])
_maybe = st.booleans()


def _positive(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return numbers.filter(lambda number: Decimal(str(number)) > 0)


@st.composite
def items(draw: st.DrawFn, code: str, scheme_rule: str) -> Json:
    kind = draw(st.sampled_from(MEASURE_TYPES))
    rules = ["capped", "zhenjiang_2005"]
    rules += ["best_takes_full"] * (kind in RATES) + ["efficacy"] * (kind not in MEASURE_TYPES[-3:])
    item = {"code": code, "weight": draw(_weights), "measure_type": kind}
    if scheme_rule not in rules or draw(_maybe):
        item["rule"] = draw(st.sampled_from(rules))
    if kind != "exact_rate":
        item["strict"] = draw(_maybe)
    if kind == "stock" and draw(_maybe):
        item["basis"] = "gain"
    if kind == "relative":
        item["tolerance"] = draw(st.sampled_from([None, "0", "3"]))
    if draw(_maybe):
        item["trajectory"] = draw(
            st.sampled_from([[["2021Q4", "0.1"]], [["2022Q1", "0"], ["2022Q3", "0.9"]], [["2023Q4", "0.7"]], []])
        )
    return item


@st.composite
def figures(draw: st.DrawFn, item: Json, rule: str) -> Json:
    kind, positive = item["measure_type"], _positive(_numbers)
    figure: Json = {}
    target = positive if kind == "average_growth" else st.one_of(positive, st.just("0"))
    figure["target"] = draw(st.one_of(target, target, target, st.none()))
    reported = st.sampled_from(["0", "0.5", 1]) if kind == "rubric" else _numbers
    figure["rating" if kind == "rubric" else "value"] = draw(st.one_of(reported, reported, st.none()))
    if item.get("basis") == "gain":
        figure["baseline"] = draw(_numbers)
    elif draw(_maybe):
        figure["baseline"] = draw(st.one_of(positive, st.just(0)))
    figure["reference"] = draw(st.one_of(_numbers, _numbers, st.none()))
    if rule == "efficacy":
        figure["good"], figure["bad"] = draw(
            st.tuples(_numbers, _numbers).filter(lambda pair: Decimal(str(pair[0])) != Decimal(str(pair[1])))
        )
    for flag in ("reported_by_other", "not_applicable"):
        if draw(st.integers(0, 4)) == 0:
            figure[flag] = True
    return figure


@st.composite
def districts(draw: st.DrawFn, code: str, scheme_items: list[Json], scheme_rule: str) -> Json:
    due = st.fixed_dictionaries({"due": _days, "completed": st.one_of(st.none(), _days)})
    request = st.fixed_dictionaries({"late": _maybe, "returned": _counts, "missing": _maybe})
    conduct = st.fixed_dictionaries({"supervision_notices": _counts, "circulars": _counts})
    adjustment = st.fixed_dictionaries({"points": _numbers, "reason": st.just("典型案例")})
    return a_district(
        code,
        group=draw(st.sampled_from(["区", "县市", None])),
        figures={item["code"]: draw(figures(item, item.get("rule") or scheme_rule)) for item in scheme_items},
        items_due=draw(st.lists(due, max_size=3)),
        requests=draw(st.lists(request, max_size=3)),
        supervision=draw(conduct),
        adjustments=draw(st.lists(adjustment, max_size=2)),
    )


@st.composite
def cases(draw: st.DrawFn, *, most_districts: int = 4) -> Json:
    """Return a random case: every measure type, rule and status, with many thirds, zeros and ties."""
    rule = draw(st.sampled_from(["capped", "zhenjiang_2005", "efficacy"]))
    scheme_items = [draw(items(f"T{n:02d}", rule)) for n in range(draw(st.integers(0, 4)))]
    conduct = st.dictionaries(st.sampled_from(["key_tasks", "reporting", "supervision"]), _weights, max_size=3)
    weights = draw(conduct.filter(lambda found: found or scheme_items))
    codes = draw(st.permutations([f"{n:06d}" for n in range(draw(st.integers(1, most_districts)))]))
    return a_case(
        scheme_items,
        [draw(districts(code, scheme_items, rule)) for code in codes],
        weights=weights,
        rule=rule,
        cap=draw(st.sampled_from(["1", "1.2"])),
        max_total=draw(st.sampled_from([None, "20", "8.345"])),
        min_coverage=draw(st.sampled_from([None, "0.5", "0"])),
        adjustment_limit=draw(st.sampled_from([None, "0.125", "2"])),
    )
