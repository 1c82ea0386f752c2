"""A second, naive calculation straight from the contract: raw JSON in, printed result out, Fractions only.

It shares no code with the calculator, is slow and repeats itself on purpose; tests compare the two.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import chinese_calendar

Json = dict[str, Any]


def F(number: object) -> Fraction:
    return Fraction(str(number))


def rounded(number: Fraction, places: int) -> str:
    scaled = math.floor(abs(number) * 10**places + Fraction(1, 2))
    whole, rest = divmod(scaled, 10**places)
    return f"{'-' if number < 0 and scaled else ''}{whole}.{str(rest).zfill(places)}"


def six(number: Fraction | None) -> str | None:
    return None if number is None else rounded(number, 6)


def quarter_index(text: str) -> int:
    return int(text[:4]) * 4 + int(text[5]) - 1


def quarter_of(day: str) -> int:
    return int(day[:4]) * 4 + (int(day[5:7]) - 1) // 3


def share_scheduled(case: Json, item: Json) -> Fraction:
    first, last = quarter_of(case["plan"]["start"]), quarter_of(case["plan"]["end"])
    known = {first - 1: Fraction(0), last: Fraction(1)}
    known.update({quarter_index(when): F(share) for when, share in item.get("trajectory") or []})
    now = quarter_index(case["quarter"])
    if now in known:
        return known[now]
    before = max(when for when in known if when < now)
    after = min(when for when in known if when > now)
    return known[before] + (known[after] - known[before]) * (now - before) / (after - before)


def line(case: Json, item: Json, figure: Json) -> tuple[str, Fraction | None, Fraction | None]:
    """Return status, expected, attainment."""
    kind, gain, s = item["measure_type"], item.get("basis") == "gain", share_scheduled(case, item)
    given = figure.get("rating") if kind == "rubric" else figure.get("value")
    nothing = ("not_applicable", None, None)
    if figure.get("not_applicable") or (figure.get("reported_by_other") and given is None):
        return nothing
    if kind == "rubric":
        return ("missing", None, None) if given is None else ("ok", None, F(given))
    if kind in ("relative", "direction"):
        if figure.get("reference") is None:
            return nothing
        r = F(figure["reference"])
        if given is None:
            return ("missing", r, None)
        v, t = F(given), F(5 if item.get("tolerance") is None else item["tolerance"])
        if kind == "direction":
            return ("ok", r, Fraction(1 if v > r else 0))
        if v >= r:
            return ("ok", r, Fraction(1))
        return ("ok", r, Fraction(0) if t == 0 else max(Fraction(0), 1 + (v - r) / t))
    if figure.get("target") is None:
        return nothing
    T = F(figure["target"])
    if T == 0 and kind != "ceiling_ratio":
        return nothing
    B = None if figure.get("baseline") is None else F(figure["baseline"])
    E = T
    if kind == "cumulative":
        E = T * s
    if kind == "stock" and B is not None:
        E = B + (T - B) * s
    if kind in ("cumulative", "stock") and ((T - (B or 0)) * s if gain else E) == 0:
        return nothing
    if given is None:
        return ("missing", E, None)
    v = F(given)
    if gain:
        assert B is not None
        a = (v - B) / ((T - B) * s)
    elif kind == "average_growth":
        a = max(v, Fraction(0)) / T
    elif kind == "ceiling_ratio":
        a = Fraction(1) if v <= T else T / v if T else Fraction(0)
    elif kind == "exact_rate":
        a = min(v / T, Fraction(1))
    else:
        a = v / E
    return ("ok", E, max(a, Fraction(0)))


def share(case: Json, item: Json, figure: Json, a: Fraction, best: Fraction) -> Fraction:
    rule = item.get("rule") or case["scheme"].get("rule") or "capped"
    if rule == "capped":
        return min(a, F(case["scheme"].get("cap") or 1))
    if rule == "zhenjiang_2005":
        return Fraction(3, 2) if a > Fraction(3, 2) else Fraction(0) if a < Fraction(4, 5) else a
    v = F(figure["value"])
    if rule == "best_takes_full":
        return max(v, Fraction(0)) / best if best else Fraction(0)
    good, bad = F(figure["good"]), F(figure["bad"])
    return min(max(60 + 40 * (v - bad) / (good - bad), Fraction(0)), Fraction(100)) / 100


def light(case: Json, item: Json, figure: Json, status: str, a: Fraction | None) -> str | None:
    if status == "not_applicable":
        return None
    if a is None:
        return "grey"
    exactly = a == 1
    if item["measure_type"] == "ceiling_ratio":
        exactly = F(figure["value"]) == F(figure["target"])
    if item.get("strict") and exactly:
        return "yellow"
    lights = case["scheme"].get("lights") or {}
    return "green" if a >= 1 else "yellow" if a >= F(lights.get("yellow_from") or "0.8") else "red"


def credit(due: Json, as_of: str) -> Fraction | None:
    completed = due.get("completed")
    if completed is None or completed > as_of:
        return Fraction(0) if due["due"] <= as_of else None
    if completed <= due["due"]:
        return Fraction(1)
    day, late = date.fromisoformat(due["due"]), 0
    while day < date.fromisoformat(completed):
        day += timedelta(days=1)
        late += chinese_calendar.is_workday(day)
    return Fraction(6, 10) if late <= 10 else Fraction(0)


def conduct_share(case: Json, part: Json, district: Json) -> Fraction | None:
    w, code = F(part["weight"]), part["code"]
    if code == "key_tasks":
        credits = [credit(due, case["as_of"]) for due in district.get("items_due") or []]
        counted = [each for each in credits if each is not None]
        return sum(counted, Fraction(0)) / len(counted) if counted else None
    lost = Fraction(0)
    if code == "reporting":
        for request in district.get("requests") or []:
            some = F("0.5") * bool(request.get("late")) + F("0.3") * (request.get("returned") or 0)
            lost += 1 if request.get("missing") else min(Fraction(1), some)
    else:
        papers = district.get("supervision") or {}
        lost = F(papers.get("supervision_notices") or 0) + 2 * F(papers.get("circulars") or 0)
    return max(Fraction(0), w - lost) / w


def district_result(case: Json, district: Json, best: dict[str, Fraction]) -> Json:
    parts = case["scheme"]["components"]
    items = [item for part in parts for item in part.get("items") or []]
    read = {item["code"]: line(case, item, district["figures"][item["code"]]) for item in items}
    shares = {part["code"]: conduct_share(case, part, district) for part in parts if part["code"] != "targets"}
    applies = {code: found is not None for code, found in shares.items()}
    applies["targets"] = any(status != "not_applicable" for status, _, _ in read.values())
    whole = sum(F(part["weight"]) for part in parts)
    taking = sum(F(part["weight"]) for part in parts if applies[part["code"]])
    components, total = [], Fraction(0)
    for part in parts:
        weight = F(part["weight"]) * whole / taking if applies[part["code"]] else Fraction(0)
        points, lines = (weight * (shares.get(part["code"]) or 0)), []
        taken = sum(F(item["weight"]) for item in part.get("items") or [] if read[item["code"]][0] != "not_applicable")
        for item in part.get("items") or []:
            figure = district["figures"][item["code"]]
            status, expected, a = read[item["code"]]
            w = Fraction(0) if status == "not_applicable" else F(item["weight"]) / taken * weight
            got = Fraction(0) if a is None else w * share(case, item, figure, a, best[item["code"]])
            points += got
            lines.append(
                {
                    "code": item["code"],
                    "weight": six(w),
                    "expected": six(expected),
                    "attainment": six(a),
                    "points": None if status == "not_applicable" else six(got),
                    "status": status,
                    "light": light(case, item, figure, status, a),
                }
            )
        total += points
        components.append({"code": part["code"], "weight": six(weight), "points": six(points), "items": lines})
    scheme = case["scheme"]
    limit = F(5 if scheme.get("adjustment_limit") is None else scheme["adjustment_limit"])
    net = sum((F(each["points"]) for each in district.get("adjustments") or []), Fraction(0))
    net = max(-limit, min(limit, net))
    total = max(Fraction(0), total + net)
    if scheme.get("max_total") is not None:
        total = min(total, F(scheme["max_total"]))
    weight_of = {item["code"]: F(item["weight"]) for item in items}
    ok = sum(weight_of[code] for code, found in read.items() if found[0] == "ok")
    applicable = sum(weight_of[code] for code, found in read.items() if found[0] != "not_applicable")
    covered = Fraction(ok) / applicable if applicable else Fraction(1)
    least = F("0.8" if scheme.get("min_coverage") is None else scheme["min_coverage"])
    grades = scheme.get("grades") or [["90", "优秀"], ["80", "良好"], ["60", "合格"], ["0", "不合格"]]
    printed = rounded(total, 2)
    grade = next(name for least_points, name in grades if F(printed) >= F(least_points))
    return {
        "code": district["code"],
        "name": district["name"],
        "group": district["group"],
        "total": printed,
        "rank": None,
        "group_rank": None,
        "grade": grade if covered >= least else grades[-1][1],
        "coverage": six(covered),
        "ranked": covered >= least,
        "rank_interval": None,
        "components": components,
        "adjustments": six(net),
    }


def reference(case: Json) -> list[Json]:
    """Return the districts of the printed result, in order, without their rank intervals."""
    items = [item for part in case["scheme"]["components"] for item in part.get("items") or []]
    best = {}
    for item in items:
        code, found = item["code"], [Fraction(0)]
        for district in case["districts"]:
            figure = district["figures"][code]
            if item["measure_type"] != "rubric" and line(case, item, figure)[0] == "ok":
                found.append(F(figure["value"]))
        best[code] = max(found)
    rows = [district_result(case, district, best) for district in case["districts"]]
    ranked = [row for row in rows if row["ranked"]]
    for row in ranked:
        row["rank"] = 1 + sum(F(other["total"]) > F(row["total"]) for other in ranked)
        row["group_rank"] = 1 + sum(
            other["group"] == row["group"] and F(other["total"]) > F(row["total"]) for other in ranked
        )
    return sorted(rows, key=lambda row: (not row["ranked"], row["rank"] or 0, row["code"]))
