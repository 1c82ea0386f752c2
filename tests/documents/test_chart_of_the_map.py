"""Maps: the boundaries of the districts of 2021, what is told by their shades, and a drawing that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
import shapely
from chart_cases import a_district, a_result, three
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from needed import chinese_face

from config.plan import Plan
from documents.charts import canvas, map_subjects
from documents.charts.bands import MOST, bands
from documents.charts.boundaries import boundaries, is_known, read, source
from documents.charts.map import map_of
from documents.charts.subject import Subject
from documents.fonts import Face

WHO = "区、县（市）"
DAY = date(2022, 7, 25)
KILOBYTE = 1000


@pytest.fixture(scope="module")
def face() -> Face:
    """A Chinese font of this machine."""
    return chinese_face()


def overdue(names: dict[str, str], counts: Sequence[int] = (0, 3, 1)) -> Subject:
    many = {code: counts[place % len(counts)] for place, code in enumerate(names)}
    return map_subjects.overdue(many, names, DAY, who=WHO, simulated=True)


def named(plan: Plan) -> dict[str, str]:
    return {unit.code: unit.name for unit in plan.districts}


def test_the_districts_of_the_plan_tile_the_city_without_gap_or_overlap(hangzhou: Plan) -> None:
    codes = list(named(hangzhou))
    assert len(codes) == 13 and {"330113", "330114"} < set(codes)  # 临平 and 钱塘 exist since 2021
    assert not {"330103", "330104"} & set(codes) and not is_known("330103")  # 下城 and 江干 have ended

    parts, city = [read(code) for code in codes], read("330100")

    assert shapely.coverage_is_valid(parts)
    assert shapely.union_all(parts).symmetric_difference(city).area < city.area * 1e-9


def test_simplified_borders_stay_shared_and_keep_their_place(hangzhou: Plan) -> None:
    found = boundaries(named(hangzhou))

    assert shapely.coverage_is_valid(list(found.values()))
    assert sum(map(shapely.get_num_coordinates, found.values())) < 6000  # of 15000
    area = shapely.union_all(list(found.values())).area
    assert area == pytest.approx(16_850, rel=0.01)  # square kilometres, as the city publishes it


def test_units_that_are_no_administrative_units_have_no_boundaries() -> None:
    assert list(boundaries(["jxj", "330102", "999999", "../330105", "３３０１０２", "330102"])) == ["330102"]
    assert dict(boundaries([])) == {}


@given(st.lists(st.integers(-500, 15_000), min_size=1, max_size=20), st.booleans())
def test_bands_are_few_round_and_hold_every_value(values: list[int], limited: bool) -> None:
    exact = [Fraction(value, 100) for value in values]
    limit = max(exact) if limited else None

    found = bands(exact, finest=Fraction(1), limit=limit)

    borders = list(found.borders())
    assert 1 <= len(borders) <= MOST
    for value in exact:
        low, high = borders[found.of(value)]
        assert low <= value < high or value == limit


def test_a_share_of_all_is_in_the_highest_band_and_not_above_it() -> None:
    found = bands([Fraction(1), Fraction(3, 10)], finest=Fraction(1, 100), limit=Fraction(1))
    assert list(found.borders())[-1] == (Fraction(4, 5), Fraction(1)) and found.of(Fraction(1)) == found.many - 1


def test_scores_are_in_bands_and_who_is_not_ranked_is_hatched() -> None:
    result = a_result(
        a_district("330102", "上城区", value="600"),
        a_district("330105", "拱墅区", value="350"),
        a_district("330106", "西湖区", value=None, requests=[{"late": False, "returned": 0, "missing": True}]),
        min_coverage="0.9",
    )  # fmt: skip
    found = map_subjects.score(result, who=WHO, simulated=False)

    totals = {score.name: score for score in result.districts}
    assert not totals["西湖区"].ranked
    for spot in found.spots:
        assert spot.value == str(totals[spot.name].total)
    assert found.grid.rows[-1][1:3] == ("西湖区", "—") and found.grid.rows[-1][-1] == "数据不足"
    assert found.shades[found.spots[-1].shade].look.hatch
    low, high = found.grid.rows[0][-1].removesuffix("分").split("—")
    assert int(low) <= totals["上城区"].total < int(high)


def test_the_share_on_schedule_and_each_indicator_say_what_the_heatmap_says(hangzhou: Plan) -> None:
    (share,) = map_subjects.progress(three(), who=WHO, simulated=False)
    assert [(spot.name, spot.value) for spot in share.spots] == [
        ("上城区", "100.0%"), ("拱墅区", "50.0%"), ("西湖区", "50.0%"),
    ]  # fmt: skip
    assert share.grid.rows[1] == ("330105", "拱墅区", "1", "1", "0", "0", "50.0%", "50%—60%")

    first, second = map_subjects.indicators(three(), hangzhou, who=WHO, simulated=False)
    assert (first.code, second.code) == ("indicator-T01", "indicator-T28")
    assert [spot.value for spot in first.spots] == ["●120", "▲90", "×70"]
    assert (
        map_subjects.progress(a_result(a_district("330102", "上城区"), targets=False), who=WHO, simulated=False) == ()
    )


def test_nothing_overdue_is_a_class_of_its_own_and_the_table_says_it() -> None:
    names = {"330102": "上城区", "330105": "拱墅区", "330106": "西湖区"}
    found = overdue(names, (0, 41, 1))
    assert [found.shades[spot.shade].word for spot in found.spots] == ["无逾期", "41—60项", "1—20项"]
    assert [shade.word for shade in overdue(names, (0,)).shades] == ["无逾期"]


def test_a_map_is_small_whole_and_legible_in_every_district(hangzhou: Plan, face: Face) -> None:
    subject = overdue(named(hangzhou), (0, 13, 2, 7))
    (chart,) = map_of(subject)

    figure = canvas._drawn(chart, face)
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]

    assert {spot.label for spot in subject.spots} <= {text for text, _ in boxes}
    for text, box in boxes:
        assert 0 <= box.x0 and box.x1 <= figure.bbox.width and 0 <= box.y0 and box.y1 <= figure.bbox.height, text
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not first.shrunk(0.95, 0.9).overlaps(second.shrunk(0.95, 0.9)), f"“{one}” “{other}”"
    assert min(text.get_fontsize() for text in texts) >= canvas.SMALL
    assert source() in {text for text, _ in boxes} and "2021年" in source() and "不作划界依据" in source()

    drawn = canvas.svg(chart, face)
    assert len(drawn) < 150 * KILOBYTE and b"<text" not in drawn and drawn == canvas.svg(map_of(subject)[0], face)


def test_units_without_boundaries_are_named_and_not_drawn() -> None:
    subject = overdue({"330102": "上城区", "330103": "下城区", "kfq": "开发区"})
    (chart,) = map_of(subject)
    assert [spot.name for spot in subject.undrawn] == ["下城区", "开发区"]
    assert [row[1] for row in chart.grid.rows] == ["上城区", "下城区", "开发区"]
    assert "下城区" not in chart.alternative and "1个单位" in chart.alternative

    assert map_of(overdue({"kfq": "开发区"})) == ()


@pytest.mark.parametrize(
    "names",
    [
        {"330102": "上城区"},
        {"330100": "杭州市", "330200": "宁波市", "330300": "温州市", "330400": "嘉兴市", "330500": "湖州市",
         "330600": "绍兴市", "330700": "金华市", "330800": "衢州市", "330900": "舟山市", "331000": "台州市",
         "331100": "丽水市"},
        {"310101": "黄浦区", "310104": "徐汇区", "310105": "长宁区", "310106": "静安区", "310107": "普陀区",
         "310109": "虹口区", "310110": "杨浦区", "310112": "闵行区", "310113": "宝山区", "310114": "嘉定区",
         "310115": "浦东新区", "310116": "金山区", "310117": "松江区", "310118": "青浦区", "310120": "奉贤区",
         "310151": "崇明区"},
        {"330102": "上城区", "650102": "天山区", "460300": "三沙市"},
        {"330100": "杭州市", "330102": "上城区"},
    ],
    ids=["one", "province", "many small ones", "far apart", "one within the other"],
)  # fmt: skip
def test_any_place_can_be_drawn_and_every_unit_is_labelled_once(names: dict[str, str], face: Face) -> None:
    (chart,) = map_of(overdue(names))
    figure = canvas._drawn(chart, face)
    words = [text.get_text().replace("\n", " ") for text in figure.findobj(Text)]
    for name in names.values():
        assert sum(word.startswith(f"{name} ") for word in words) == 1, name
    assert len(canvas.svg(chart, face)) < 300 * KILOBYTE
