"""Charts say what the result says: in the drawing, in words and as a table, the same bytes each time."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from chart_cases import a_case, a_district, a_result, three
from needed import chinese_face

from config.plan import Plan
from documents.charts.canvas import DOTS_PER_INCH, WIDTH, GlyphMissing, prints, svg
from documents.charts.chart import Chart, in_parts
from documents.charts.goals import goals
from documents.charts.heatmap import heatmap
from documents.charts.league import interval, league
from documents.charts.places import Standing, places
from documents.charts.progress import progress
from documents.charts.punctuality import UnitRate, punctuality
from documents.charts.wording import percent, whole_percent
from documents.fonts import Face
from supervision.collection.verdicts import Rate
from supervision.periods import parse_quarter
from supervision.scoring import read_case

QUARTER = parse_quarter("2022Q2")
WHO = "区、县（市）"
NAMES = {"T01": "累计新增小微企业数", "T28": "小微企业园（基地）总量"}


@pytest.fixture(scope="session")
def face() -> Face:
    """A Chinese font of this machine."""
    return chinese_face()


def _all(plan: Plan) -> list[Chart]:
    result = three()
    standings = [
        Standing(QUARTER.previous, (("西湖区", 1), ("上城区", 2), ("拱墅区", None))),
        Standing(QUARTER, (("上城区", 1), ("拱墅区", 2), ("西湖区", 3))),
    ]
    rates = [UnitRate("上城区", Rate(8, 7, 5, 1)), UnitRate("拱墅区", Rate(0, 0, 0, 0))]
    titles = {goal.number: goal.title for goal in plan.goals}
    return [
        *league(result, who=WHO, simulated=True),
        *heatmap(result, NAMES, who=WHO, simulated=True),
        *goals(progress(result, plan), titles, QUARTER, simulated=True),
        *punctuality(rates, QUARTER, who=WHO, simulated=True),
        *places(standings, who=WHO, simulated=True),
    ]


def test_a_chart_is_the_same_bytes_each_time_and_holds_no_date(face: Face, hangzhou: Plan) -> None:
    charts = _all(hangzhou)

    assert [chart.code for chart in charts] == ["league", "attainment", "progress", "reporting", "ranks"]
    for first, second in zip(charts, _all(hangzhou), strict=True):
        drawn = prints(first, face)
        assert drawn.svg == svg(second, face)
        assert b"<dc:date>" not in drawn.svg
    assert drawn == prints(second, face)


def test_a_picture_is_as_wide_as_the_text_of_an_official_page(face: Face) -> None:
    (chart,) = league(three(), who=WHO, simulated=True)

    drawn = prints(chart, face)
    wide, tall = struct.unpack(">II", drawn.png[16:24])
    same, less = struct.unpack(">II", drawn.bare[16:24])

    assert wide == same == int(WIDTH / 25.4 * DOTS_PER_INCH)
    assert tall - less == int(9 / 25.4 * DOTS_PER_INCH)  # the title, and nothing but the title


def test_the_vector_drawing_tells_in_words_what_it_shows_and_needs_no_font(face: Face) -> None:
    (chart,) = league(three(), who=WHO, simulated=False)

    text = svg(chart, face).decode()

    assert chart.title in text and chart.alternative in text
    assert "<text" not in text and "font-family" not in text


def test_a_missing_glyph_is_refused_and_named(face: Face) -> None:
    (chart,) = league(three(name="\U0010fffd区"), who=WHO, simulated=False)

    with pytest.raises(GlyphMissing, match=r"U\+10FFFD.*apt install"):
        prints(chart, face)


def test_a_name_that_looks_like_a_formula_is_drawn_as_it_is_written(face: Face) -> None:
    (chart,) = league(three(name="$x_{$区"), who=WHO, simulated=False)

    assert prints(chart, face)


def test_settings_of_whoever_runs_it_do_not_change_the_drawing(
    face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    (chart,) = league(three(), who=WHO, simulated=False)
    before = prints(chart, face)
    monkeypatch.setitem(matplotlib.rcParams, "axes.facecolor", "black")
    monkeypatch.setitem(matplotlib.rcParams, "lines.linewidth", 20.0)

    assert prints(chart, face) == before
    assert matplotlib.rcParams["axes.facecolor"] == "black"


def test_made_up_data_is_marked_on_the_drawing(face: Face) -> None:
    (real,) = league(three(), who=WHO, simulated=False)

    assert svg(replace(real, simulated=True), face) != svg(real, face)


def test_the_league_lists_rank_parts_total_and_interval() -> None:
    (chart,) = league(three(adjustments=[{"points": "-1.5", "reason": "数据差错"}]), who=WHO, simulated=False)

    assert chart.grid.columns == (
        "位次",
        "单位",
        "目标任务",
        "重点任务",
        "数据报送",
        "督办情况",
        "加减分",
        "总分",
        "位次区间",
    )
    assert chart.grid.rows[0] == ("1", "上城区", "60.00", "20.00", "10.00", "10.00", "-1.50", "98.50", "1")
    assert "第1位上城区98.50分，位次区间1" in chart.alternative


def test_who_reported_too_little_has_no_rank_in_the_league(face: Face) -> None:
    result = three(value=None)
    (chart,) = league(result, who=WHO, simulated=False)

    last = chart.grid.rows[-1]
    assert (last[0], last[1], last[-1]) == ("数据不足", "上城区", "—")
    assert "上城区数据不足，" in chart.alternative
    assert interval(result.districts[-1]) == "—"
    assert prints(chart, face)


def test_a_long_league_goes_over_several_drawings() -> None:
    result = a_result(*(a_district(f"{n:06}", f"第{n}区", value=str(n)) for n in range(1, 39)))

    first, second = league(result, who=WHO, simulated=False)

    assert (first.code, second.code) == ("league-1", "league-2")
    assert first.title.endswith("（1/2）")
    assert len(first.grid.rows) == len(second.grid.rows) == 19


def test_parts_are_even_and_lose_nobody() -> None:
    parts = [list(part) for _, _, part in in_parts(range(25), 10)]

    assert [len(part) for part in parts] == [9, 9, 7]
    assert [n for part in parts for n in part] == list(range(25))


def test_the_heatmap_tells_not_reported_from_not_applicable() -> None:
    result = a_result(
        a_district("330102", "上城区", value=None),
        a_district("330105", "拱墅区", value="499"),
        a_district("330106", "西湖区", figures={
            "T01": {"target": "1000", "value": None, "reported_by_other": True},
            "T28": {"target": "300", "baseline": "100", "value": "0"},
        }),
    )  # fmt: skip
    (chart,) = heatmap(result, NAMES, who=WHO, simulated=False)

    cells = dict(zip(chart.grid.columns, chart.grid.rows[0], strict=True))
    assert cells == {
        "编号": "T01", "指标": NAMES["T01"], "上城区": "未报", "拱墅区": "99.8%（接近）", "西湖区": "不适用",
    }  # fmt: skip
    assert "上城区达到1项、未报1项" in chart.alternative
    assert "西湖区落后1项、不适用1项" in chart.alternative


def test_member_units_have_no_heatmap_and_no_progress(hangzhou: Plan) -> None:
    result = a_result(a_district("scjg", "市市场监管局"), targets=False)

    assert heatmap(result, {}, who="成员单位", simulated=False) == ()
    assert progress(result, hangzhou) == ()
    assert goals((), {}, QUARTER, simulated=False) == ()


def test_what_falls_short_is_never_shown_as_reached() -> None:
    assert percent(Fraction(99999, 100000)) == "99.9%"
    assert percent(Fraction(1)) == "100.0%"
    assert percent(Fraction(945, 10000)) == "9.5%"
    assert percent(None) == "—"
    assert whole_percent(Fraction(997, 1000)) == "99"


def test_progress_adds_up_who_reported_value_and_target_alike(hangzhou: Plan) -> None:
    result = a_result(
        a_district("330102", "上城区", value="600"),
        a_district("330105", "拱墅区", value="300"),
        a_district("330106", "西湖区", value=None),
    )

    new, parks = progress(result, hangzhou)

    assert (new.attained, new.scheduled, new.counted, new.applicable) == (Fraction(900, 2000), Fraction(1, 2), 2, 3)
    assert new.reading is not None and new.reading.attainment == Fraction(9, 10)
    assert (new.light, parks.light) == ("yellow", "green")
    assert parks.scheduled == Fraction(600, 900)


def test_what_cannot_be_added_up_has_no_sum(hangzhou: Plan) -> None:
    case = a_case([a_district("330102", "上城区")])
    case["scheme"]["components"][0]["items"] = [{"code": "T37", "weight": "60", "measure_type": "exact_rate"}]
    case["districts"][0]["figures"] = {"T37": {"target": "100", "value": "98"}}
    from supervision.scoring import assess
    from supervision.workdays import published

    (rate,) = progress(assess(read_case(case), calendar=published()), hangzhou)

    assert (rate.figure, rate.light, rate.attained, rate.counted) == (None, None, None, 1)
    assert goals([rate], {5: "发展要素"}, QUARTER, simulated=False) == ()


def test_the_progress_chart_says_how_many_it_counts(hangzhou: Plan) -> None:
    titles = {goal.number: goal.title for goal in hangzhou.goals}
    (chart,) = goals(progress(three(value=None), hangzhou), titles, QUARTER, simulated=False)

    row = dict(zip(chart.grid.columns, chart.grid.rows[0], strict=True))
    assert (row["实际"], row["目标"], row["完成进度"], row["序时进度"]) == ("800", "2000", "40.0%", "50.0%")
    assert (row["已报"], row["应报"]) == ("2", "3")


def test_units_from_which_nothing_was_expected_are_not_in_the_reporting_chart() -> None:
    rates = [UnitRate("上城区", Rate(8, 7, 5, 1)), UnitRate("拱墅区", Rate(0, 0, 0, 0))]

    (chart,) = punctuality(rates, QUARTER, who=WHO, simulated=False)

    assert chart.grid.rows == (("上城区", "8", "7", "5", "1", "87.5%", "62.5%"),)
    assert punctuality(rates[1:], QUARTER, who=WHO, simulated=False) == ()


def test_one_quarter_alone_shows_no_change_of_ranks() -> None:
    standing = Standing(QUARTER, (("上城区", 1), ("拱墅区", 2)))

    assert places([standing], who=WHO, simulated=False) == ()


def test_ties_newcomers_and_the_unranked_are_told_apart_over_the_quarters(face: Face) -> None:
    standings = [
        Standing(QUARTER.previous, (("上城区", 1), ("拱墅区", 1), ("西湖区", None))),
        Standing(QUARTER, (("西湖区", 1), ("滨江区", 2), ("上城区", 3))),
    ]

    (chart,) = places(standings, who=WHO, simulated=False)

    assert {row[0]: row[1:] for row in chart.grid.rows} == {
        "西湖区": ("数据不足", "1"), "滨江区": ("未参加", "2"), "上城区": ("1", "3"), "拱墅区": ("1", "未参加"),
    }  # fmt: skip
    assert "不排位次" in chart.note
    assert prints(chart, face)


def test_every_light_has_a_mark_of_its_own_and_a_grey_of_its_own() -> None:
    from documents.charts.wording import COMPONENT_LOOKS, LIGHTS

    assert len({look.mark for look in LIGHTS.values()}) == len(LIGHTS)
    assert len({look.hatch for look in COMPONENT_LOOKS.values()}) == len(COMPONENT_LOOKS)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", look.colour) for look in LIGHTS.values())
