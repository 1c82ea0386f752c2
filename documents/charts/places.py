"""How ranks changed from quarter to quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.charts.canvas import FAINT, INK, SMALL, Canvas
from documents.charts.chart import Chart, Grid
from documents.charts.labels import name_size, names_width
from documents.charts.wording import UNRANKED
from supervision.periods import Period

MOST = 40
"""Units beyond which lines between ranks show nothing any more."""

_HEAD, _LINE = 6.0, 4.8
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#555555")
_STYLES = ("-", "--", "-.", ":")


@dataclass(frozen=True, slots=True)
class Standing:
    """One quarter: who was assessed, in rank order, with the rank; None for one without (数据不足)."""

    quarter: Period
    ranks: tuple[tuple[str, int | None], ...]


def places(standings: Sequence[Standing], *, who: str, simulated: bool) -> tuple[Chart, ...]:
    """Return the ranks over the quarters, the earliest first; nothing for one quarter alone or for too many units."""
    most = max((len(standing.ranks) for standing in standings), default=0)
    if len(standings) < 2 or not 1 < most <= MOST:
        return ()
    first, last = standings[0].quarter, standings[-1].quarter
    return (
        Chart(
            code="ranks",
            title=f"{first.in_words}至{last.in_words}{who}位次变化",
            alternative=_in_words(standings, who),
            grid=_grid(standings),
            height=_HEAD + _LINE * most + 2,
            draw=_Drawing(tuple(standings), most).on,
            note="圆圈内为位次；同一位次的上下相邻。" + (f"“—”为{UNRANKED}，不排位次。" if _has_gap(standings) else ""),
            simulated=simulated,
        ),
    )


def _has_gap(standings: Sequence[Standing]) -> bool:
    return any(rank is None for standing in standings for _, rank in standing.ranks)


def _grid(standings: Sequence[Standing]) -> Grid:
    names = list(dict.fromkeys(name for standing in reversed(standings) for name, _ in standing.ranks))
    known = [dict(standing.ranks) for standing in standings]
    rows = ((name, *(_cell(ranks, name) for ranks in known)) for name in names)
    return Grid(("单位", *(standing.quarter.in_words for standing in standings)), tuple(rows))


def _cell(ranks: dict[str, int | None], name: str) -> str:
    if name not in ranks:
        return "未参加"
    return UNRANKED if ranks[name] is None else str(ranks[name])


def _in_words(standings: Sequence[Standing], who: str) -> str:
    grid = _grid(standings)
    told = "；".join(f"{row[0]}{'、'.join(row[1:])}" for row in grid.rows)
    quarters = "、".join(grid.columns[1:])
    return f"折线图，{len(grid.rows)}个{who}在{quarters}的位次，依次为：{told}。"


class _Drawing:
    """The lines between the quarters."""

    def __init__(self, standings: tuple[Standing, ...], most: int) -> None:
        self.standings = standings
        self.most = most

    def on(self, canvas: Canvas) -> None:
        """Draw on `canvas`."""
        names = [name for standing in self.standings for name, _ in standing.ranks]
        margin = names_width(names) + 4
        axes = canvas.axes(margin, _HEAD, canvas.width - 2 * margin, _LINE * self.most)
        axes.set_xlim(-0.06, len(self.standings) - 1 + 0.06)
        axes.set_ylim(self.most - 0.5, -0.5)
        for column, standing in enumerate(self.standings):
            axes.axvline(column, color=FAINT, linewidth=0.5, zorder=0)
            axes.text(column, -0.6, standing.quarter.in_words, fontsize=SMALL, color=INK, ha="center", va="bottom")
        spots = [{name: place for place, (name, _) in enumerate(standing.ranks)} for standing in self.standings]
        for order, (name, _) in enumerate(self.standings[-1].ranks):
            for column, (here, there) in enumerate(pairwise(spots)):
                if name in here and name in there:
                    axes.plot(
                        (column, column + 1), (here[name], there[name]), color=_COLOURS[order % len(_COLOURS)],
                        linestyle=_STYLES[order % len(_STYLES)], linewidth=1.3, zorder=1,
                    )  # fmt: skip
        for column, standing in enumerate(self.standings):
            for place, (_, rank) in enumerate(standing.ranks):
                axes.plot(column, place, "o", markersize=11, markerfacecolor="white", mec=INK, mew=0.7, zorder=2)
                text = "—" if rank is None else str(rank)
                axes.text(column, place, text, fontsize=SMALL, color=INK, ha="center", va="center", zorder=3)
        self._names(canvas, self.standings[0], margin - 4, "right")
        self._names(canvas, self.standings[-1], canvas.width - margin + 4, "left")

    def _names(self, canvas: Canvas, standing: Standing, left: float, side: str) -> None:
        for place, (name, _) in enumerate(standing.ranks):
            canvas.write(left, _HEAD + _LINE * (place + 0.5), name, name_size(name), ha=side)
