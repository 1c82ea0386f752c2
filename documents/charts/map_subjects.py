"""The subjects of maps: total scores, progress against the schedule (序时进度), single indicators, overdue items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from config.plan import Plan
from documents.charts.bands import Bands, bands
from documents.charts.subject import Shade, Spot, Subject
from documents.charts.wording import LIGHTS, UNRANKED, Look, percent, whole_percent
from supervision.exact import exact
from supervision.indicators import FigureLight
from supervision.scoring.result import DistrictScore, Line, Result

_BLUES = ("#f1f6fb", "#d5e5f3", "#b2d1e9", "#8ab9dc", "#639fce")
"""The more, the darker; the darkest still carries black letters (6 : 1)."""
_REDS = ("#fdeadd", "#fbd0b0", "#f5ae80", "#e8946a")
_NOTHING = Look("white", "////")

_HUNDRED = 100


def score(result: Result, *, who: str, simulated: bool) -> Subject:
    """Return the total scores; districts with too little reported (数据不足) are in no band."""
    ranked = [exact(each.total) for each in result.districts if each.ranked]
    found = bands(ranked, finest=Fraction(1)) if ranked else None
    words = [f"{int(low)}—{int(high)}分" for low, high in found.borders()] if found else []
    spots = (
        _spot(each, str(each.total), found, exact(each.total) if each.ranked else None,
              (str(each.rank) if each.ranked else "—", str(each.total)))
        for each in result.districts
    )  # fmt: skip
    return Subject(
        code="score",
        name="总分",
        title=f"{result.quarter.in_words}{who}考核总分",
        measure="总分（每档含下限）",
        shades=_shades(words, _BLUES, UNRANKED, needed=len(ranked) < len(result.districts)),
        spots=tuple(spots),
        columns=("位次", "总分"),
        simulated=simulated,
    )


def progress(result: Result, *, who: str, simulated: bool) -> tuple[Subject, ...]:
    """Return which part of its indicators each district has brought to the schedule; nothing without targets.

    What a district has not reported counts as not reached, what does not apply to it does not count.
    """
    lights = {each.code: Counter(line.light for line in _lines(each)) for each in result.districts}
    shares = {code: _share(found) for code, found in lights.items()}
    known = [share for share in shares.values() if share is not None]
    if not known:
        return ()
    found = bands(known, finest=Fraction(1, _HUNDRED), limit=Fraction(1))
    words = [f"{int(low * _HUNDRED)}%—{int(high * _HUNDRED)}%" for low, high in found.borders()]
    told = [light for light in LIGHTS if light is not None]
    spots = (
        _spot(each, percent(shares[each.code]), found, shares[each.code],
              (*(str(lights[each.code][light]) for light in told), percent(shares[each.code])))
        for each in result.districts
    )  # fmt: skip
    return (
        Subject(
            code="progress",
            name="达到序时进度的指标占比",
            title=f"{result.quarter.in_words}{who}达到序时进度的指标占比",
            measure="占比（每档含下限）",
            shades=_shades(words, _BLUES, LIGHTS[None].word, needed=len(known) < len(shares)),
            spots=tuple(spots),
            columns=(*(LIGHTS[light].word for light in told), "占比"),
            simulated=simulated,
        ),
    )


def indicators(result: Result, plan: Plan, *, who: str, simulated: bool) -> tuple[Subject, ...]:
    """Return a subject for each indicator: value ÷ what was to be reached by now, and its light."""
    places = list(LIGHTS)
    found: dict[str, list[Spot]] = {}
    for each in result.districts:
        for line in _lines(each):
            share, look = line.reading.attainment, LIGHTS[line.light]
            value = look.word if share is None else f"{look.mark}{whole_percent(share)}"
            spot = Spot(each.code, each.name, value, places.index(line.light), (percent(share),))
            found.setdefault(line.code, []).append(spot)
    shades = tuple(Shade(f"{look.mark} {look.word}", Look(look.colour)) for look in LIGHTS.values())
    return tuple(
        Subject(
            code=f"indicator-{code}",
            name=f"{code} {plan.indicator(code).name}",
            title=f"{result.quarter.in_words}{who}“{plan.indicator(code).name}”完成率",
            measure="完成率（%）",
            shades=shades,
            spots=tuple(spots),
            columns=("完成率",),
            simulated=simulated,
        )
        for code, spots in found.items()
    )


def overdue(counts: Mapping[str, int], names: Mapping[str, str], day: date, *, who: str, simulated: bool) -> Subject:
    """Return how many items of each of `names` (districts by code) are overdue on `day`."""
    many = [counts.get(code, 0) for code in names]
    above = [Fraction(each - 1) for each in many if each]
    found = bands(above, finest=Fraction(1), most=len(_REDS)) if above else None
    words = ["无逾期", *(_from_to(int(low) + 1, int(high)) for low, high in (found.borders() if found else ()))]
    spots = (
        Spot(code, name, f"{count}项", 1 + found.of(Fraction(count - 1)) if found and count else 0, (str(count),))
        for (code, name), count in zip(names.items(), many, strict=True)
    )
    looks = [Look("white"), *map(Look, _spread(_REDS, len(words) - 1))]
    return Subject(
        code="overdue",
        name="逾期事项数",
        title=f"截至{day.year}年{day.month}月{day.day}日{who}逾期事项数",
        measure="逾期事项数",
        shades=tuple(map(Shade, words, looks)),
        spots=tuple(spots),
        columns=("逾期事项（项）",),
        simulated=simulated,
    )


def _from_to(low: int, high: int) -> str:
    return f"{low}项" if low == high else f"{low}—{high}项"


def _spot(
    each: DistrictScore, value: str, found: Bands | None, figure: Fraction | None, cells: tuple[str, ...]
) -> Spot:
    """Return the spot of a figure; one without stands in the last shade, behind the bands."""
    many = found.many if found else 0
    return Spot(each.code, each.name, value, found.of(figure) if found and figure is not None else many, cells)


def _shades(words: Sequence[str], colours: Sequence[str], nothing: str, *, needed: bool) -> tuple[Shade, ...]:
    shades = [Shade(word, Look(colour)) for word, colour in zip(words, _spread(colours, len(words)), strict=True)]
    return (*shades, Shade(nothing, _NOTHING)) if needed else tuple(shades)


def _spread(colours: Sequence[str], many: int) -> list[str]:
    """Return so many of the colours, from one end to the other; the middle one alone."""
    if many < 2:
        return [colours[len(colours) // 2]] * many
    return [colours[place * (len(colours) - 1) // (many - 1)] for place in range(many)]


def _share(lights: Counter[FigureLight | None]) -> Fraction | None:
    owed = sum(many for light, many in lights.items() if light is not None)
    return Fraction(lights[FigureLight.GREEN], owed) if owed else None


def _lines(score: DistrictScore) -> Sequence[Line]:
    return [line for part in score.components for line in part.lines]
