"""What is written in a chart can be read: nothing is cut, nothing lies over something else, nothing is tiny."""

from __future__ import annotations

from itertools import combinations

import pytest
from chart_cases import a_district, a_result
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from needed import chinese_face

from config.plan import Plan
from documents.charts import canvas
from documents.charts.chart import Chart
from documents.charts.goals import goals
from documents.charts.heatmap import MOST, heatmap
from documents.charts.league import league
from documents.charts.places import Standing, places
from documents.charts.progress import progress
from documents.charts.punctuality import UnitRate, punctuality
from documents.fonts import Face
from supervision.collection.verdicts import Rate
from supervision.periods import parse_quarter

WHO = "区、县（市）"
LONGEST = "科技型小微企业研发投入占销售收入比重"
QUARTER = parse_quarter("2022Q2")
PAGE = 225.0
"""Millimetres of text on an official page."""

SMALLEST = 6.0
"""Points, for what has to be set smaller than the rest."""


@pytest.fixture(scope="module")
def face() -> Face:
    """A Chinese font of this machine."""
    return chinese_face()


@pytest.fixture(scope="module")
def full(hangzhou: Plan) -> list[Chart]:
    """The charts of as many districts as one drawing holds, with long names and large numbers."""
    names = [f"{'城池山河江湖溪塘洲埠港桥'[n % 12]}南{'区县'[n % 2]}" for n in range(MOST)]
    result = a_result(*(a_district(f"{330101 + n}", name, value=str(900 - 20 * n)) for n, name in enumerate(names)))
    standings = [
        Standing(of, tuple((name, n + 1) for n, name in enumerate(names))) for of in (QUARTER.previous, QUARTER)
    ]
    titles = {goal.number: goal.title for goal in hangzhou.goals}
    indicators = {"T01": LONGEST, "T28": "小微企业园（基地）总建筑面积"}
    return [
        *league(result, who=WHO, simulated=True),
        *places(standings, who=WHO, simulated=True),
        *heatmap(result, indicators, who=WHO, simulated=True),
        *goals(progress(result, hangzhou), titles, QUARTER, simulated=True),
        *punctuality([UnitRate(name, Rate(12, 11, 10, 1)) for name in names], QUARTER, who=WHO, simulated=True),
    ]


def test_everything_written_is_whole_apart_and_large_enough(full: list[Chart], face: Face) -> None:
    assert [chart.code for chart in full] == ["league", "ranks", "attainment", "progress", "reporting"]
    for chart in full:
        figure = canvas._drawn(chart, face)
        renderer = FigureCanvasAgg(figure).get_renderer()
        texts = [text for text in figure.findobj(Text) if text.get_text().strip()]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
        for text, box in boxes:
            assert 0 <= box.x0 and box.x1 <= figure.bbox.width, f"{chart.code}: “{text}” is cut"
        for (one, first), (other, second) in combinations(boxes, 2):
            assert not first.shrunk(0.9, 0.7).overlaps(second.shrunk(0.9, 0.7)), f"{chart.code}: “{one}” “{other}”"
        assert min(text.get_fontsize() for text in texts) >= SMALLEST, chart.code


def test_league_and_ranks_of_thirteen_share_a_page_with_three_lines_of_text() -> None:
    names = [f"第{n}区" for n in range(13)]
    result = a_result(*(a_district(f"{330101 + n}", name) for n, name in enumerate(names)))
    ranks = [Standing(of, tuple((name, n + 1) for n, name in enumerate(names))) for of in (QUARTER.previous, QUARTER)]

    tall = sum(
        chart.height + canvas._MARK + canvas._NOTE
        for chart in (*league(result, who=WHO, simulated=True), *places(ranks, who=WHO, simulated=True))
    )

    line, captions = PAGE / 22, 2
    assert tall + (3 + captions) * line <= PAGE
