"""考核结果: the league table, who can be told apart, and what people decided beside the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from documents.bulletin.corrections import corrections
from documents.bulletin.facts import Facts, name_share, part_of
from documents.bulletin.wording import joined, named, parts_of, points, rounding, signed
from documents.charts.league import interval
from documents.charts.wording import COMPONENTS, UNRANKED
from documents.official.content import Block, Cell, Column, Table, paragraph
from supervision.analysis.bands import Band, bands
from supervision.exact import exact, total_of
from supervision.scoring.case import ComponentCode
from supervision.scoring.result import DistrictScore

_DASH = "—"


def results(facts: Facts) -> tuple[Block, ...]:
    """Return 考核结果: the league table, the peer groups, the bands, adjustments, vetoes and corrections."""
    texts = (*_groups(facts), *_bands(facts), *_adjusted(facts), *_vetoed(facts))
    return (_league(facts), *(paragraph(text) for text in texts), *corrections(facts))


def _league(facts: Facts) -> Table:
    codes = [part.code for part in facts.case.scheme.components]
    grouped, adjusted = facts.has_groups, any(score.adjustments for score in facts.scores)
    columns = [
        Column("位次", 6), Column("单位", name_share(facts, 8)), *(Column(COMPONENTS[code], 10) for code in codes),
        *([Column("加减分", 8)] if adjusted else []), Column("总分", 9), Column("等次", 7),
        *([Column("组内", 9)] if grouped else []), Column("区间", 7),
    ]  # fmt: skip
    note = "区间是各项权重在上下20%内变动时位次的90%区间。"
    return Table(
        tuple(columns),
        tuple(_league_row(facts, score, codes, grouped, adjusted) for score in facts.scores),
        caption=f"{facts.quarter.in_words}{facts.who}{facts.deed}得分与位次",
        note=note + (f"“{UNRANKED}”的不排位次。" if facts.unranked else "") + _rounded(facts),
    )


def _rounded(facts: Facts) -> str:
    """Return a remark where the parts of a total, as printed, do not add up to it."""
    return rounding([parts_of(score) for score in facts.scores], "总分")


def _league_row(
    facts: Facts, score: DistrictScore, codes: Sequence[ComponentCode], grouped: bool, adjusted: bool
) -> tuple[str | Cell, ...]:
    parts = (part_of(score, code) for code in codes)
    cells: list[str | Cell] = [
        str(score.rank) if score.ranked else UNRANKED,
        score.name,
        *(points(part.points) if part is not None and part.share is not None else _DASH for part in parts),
        *([signed(score.adjustments) if score.adjustments else _DASH] if adjusted else []),
        Cell(str(score.total), strong=True),
        facts.grade(score),
    ]
    if grouped:
        cells.append(f"{score.group or _DASH}第{score.group_rank}" if score.group_rank else _DASH)
    return (*cells, interval(score))


def _groups(facts: Facts) -> Iterator[str]:
    if not facts.has_groups:
        return
    by_group = sorted(facts.ranked, key=lambda score: (score.group or "", score.group_rank or 0))
    told = []
    for group, members in groupby(by_group, key=attrgetter("group")):
        found = list(members)
        first = [score.name for score in found if score.group_rank == 1]
        told.append(f"{group or '未分组'}（{len(found)}个）第一位为{named(first)}")
    yield f"分组看，{'；'.join(told)}。"


def _bands(facts: Facts) -> Iterator[str]:
    found = bands(facts.result)
    mixed = [band for band in found if len(band.members) > 1 and not _is_tied(band)]
    if len(facts.ranked) < 2:
        return
    if not mixed:
        yield "各项权重在上下20%内变动时，各单位位次的先后次序均不改变。"
        return
    told = "；".join(f"{joined(member.name for member in band.members)}（{_ranks(band.ranks)}）" for band in mixed)
    rest = "；其余单位与前后均已拉开差距" if len(mixed) < len(found) else ""
    yield f"各项权重在上下20%内变动时，下列单位的位次会相互交错，同组之内不宜强分先后：{told}{rest}。"


def _is_tied(band: Band) -> bool:
    """Return whether all in the band share a rank that no weights change: they do not cross, they are equal."""
    return len({member.rank_interval for member in band.members} | {band.ranks}) == 1 and len(set(band.ranks)) == 1


def _ranks(ranks: tuple[int, int]) -> str:
    low, high = ranks
    return f"第{low}位" if low == high else f"第{low}—{high}位"


def _adjusted(facts: Facts) -> Iterator[str]:
    told = []
    for score in facts.scores:
        given = facts.entry(score.code).adjustments
        whole = total_of(exact(each.points) for each in given)
        limit = f"；按上限计{signed(score.adjustments)}分" if whole != score.adjustments else ""
        if given:
            reasons = "；".join(f"{each.reason or '未注明事由'}，{signed(exact(each.points))}分" for each in given)
            told.append(f"{score.name}（{reasons}{limit}）")
    if told:
        yield f"有加减分的是：{'；'.join(told)}。"


def _vetoed(facts: Facts) -> Iterator[str]:
    for score in facts.scores:
        if reason := facts.vetoes.get(score.code):
            yield f"{score.name}因{reason}被一票否决，总分不变，等次定为{facts.grade(score)}。"
