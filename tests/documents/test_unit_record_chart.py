"""The two rates of a unit, drawn: whole, apart and with the table that says the same."""

from __future__ import annotations

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from needed import chinese_face

from documents.charts import canvas
from documents.charts.conduct import QuarterRates, conduct
from supervision.periods import parse_quarter

TWELVE = [f"{year}Q{number}" for year in (2021, 2022, 2023) for number in (1, 2, 3, 4)]


def rates(*quarters: str, items: tuple[int, int] = (11, 11), reports: tuple[int, int] = (9, 9)) -> list[QuarterRates]:
    return [QuarterRates(parse_quarter(each), items, reports) for each in quarters]


def test_twelve_full_quarters_of_the_longest_name_can_be_read() -> None:
    chart = conduct(rates(*TWELVE), who="中国人民银行杭州中心支行", simulated=True)
    figure = canvas._drawn(chart, chinese_face())
    renderer = FigureCanvasAgg(figure).get_renderer()
    boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in figure.findobj(Text) if t.get_text().strip()]
    assert sum(text == "100" for text, _ in boxes) == 24
    for text, box in boxes:
        assert 0 <= box.x0 and box.x1 <= figure.bbox.width, f"“{text}” is cut"
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not first.shrunk(0.9, 0.7).overlaps(second.shrunk(0.9, 0.7)), f"“{one}” “{other}”"


def test_the_table_has_numerator_and_denominator_and_nothing_expected_is_a_dash() -> None:
    some = rates("2022Q1", items=(2, 3), reports=(199, 200)) + rates("2022Q2", items=(0, 4), reports=(0, 0))
    chart = conduct(some, who="上城区", simulated=False)
    assert chart.grid.columns == ("季度", "按期办结率", "报送及时率")
    assert chart.grid.rows == (
        ("2022年第一季度", "66.7%（2/3）", "99.5%（199/200）"),
        ("2022年第二季度", "0.0%（0/4）", "—"),
    )
    assert "上城区2个季度" in chart.alternative and "2022年第二季度按期办结率0.0%（0/4）" in chart.alternative


def test_a_rate_a_hair_below_the_whole_is_not_drawn_as_the_whole() -> None:
    figure = canvas._drawn(conduct(rates("2022Q1", items=(999, 1000)), who="上城区", simulated=False), chinese_face())
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert "99" in texts and "100" in texts


def test_a_unit_with_one_quarter_has_a_drawing_of_ordinary_bars() -> None:
    assert canvas._drawn(conduct(rates("2022Q1"), who="上城区", simulated=False), chinese_face()).get_axes()
