"""总体情况: by what was judged, how totals and grades lie, what changed, and how the figures stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.terms import Decision, Population
from documents.bulletin.corrections import replaced
from documents.bulletin.facts import Facts
from documents.bulletin.wording import how_many, joined, named, points, share_of
from documents.charts.wording import COMPONENTS, UNRANKED, percent
from documents.official.content import Block, paragraph
from supervision.exact import exact, total_of
from supervision.indicators import FigureLight
from supervision.periods import day_in_words
from supervision.scoring.result import DistrictScore, Line


def overview(facts: Facts) -> tuple[Block, ...]:
    """Return 总体情况: by what was judged, how the totals lie, what changed, how the figures stand."""
    return tuple(
        paragraph(text)
        for text in (
            _basis(facts),
            *_replaced(facts),
            *_totals(facts),
            *_changes(facts),
            *_lights(facts),
            *_objected(facts),
        )
    )


def _basis(facts: Facts) -> str:
    several = "".join(f"、{COMPONENTS[part.code]}" for part in facts.case.scheme.components if not part.items)
    return (
        f"按照《{facts.scheme.title}》，对{len(facts.scores)}个{facts.who}{facts.quarter.in_words}"
        f"{'履职' if facts.population is Population.UNITS else '实施'}情况进行了{facts.deed}。"
        f"数据截至{day_in_words(facts.run.as_of)}，以审核通过的数据为准{_frozen(facts)}；{several.removeprefix('、')}自年初累计，"
        f"为{facts.year_to_date}。"
    )


def _frozen(facts: Facts) -> str:
    """Return by which day conduct is judged, where a correction knows later figures than that."""
    frozen = facts.case.as_of
    return "" if frozen == facts.run.as_of else f"，事项办理和报送情况仍以{day_in_words(frozen)}为准"


def _replaced(facts: Facts) -> Iterator[str]:
    if told := replaced(facts):
        yield told


def _totals(facts: Facts) -> Iterator[str]:
    ranked = facts.ranked
    if len(ranked) > 1:
        yield f"{_average(facts)}{_extremes(ranked)}{_grades(facts)}"
    elif ranked:
        yield f"{ranked[0].name}总分{ranked[0].total}分，等次为{facts.grade(ranked[0])}。"
    if facts.unranked:
        told = joined(f"{score.name}（报送率{percent(score.coverage)}）" for score in facts.unranked)
        aside = "，不计入上述平均分和等次个数" if ranked else ""
        yield (
            f"{told}按权重计算的报送率低于{percent(exact(facts.case.scheme.min_coverage))}，列为{UNRANKED}，"
            f"不排位次，等次为{facts.scheme.grades[-1][1]}{aside}。"
        )


def _average(facts: Facts) -> str:
    mean = total_of(exact(score.total) for score in facts.ranked) / len(facts.ranked)
    which = "参加排位的" if facts.unranked else ""
    return f"{which}{len(facts.ranked)}个{facts.who}平均{points(mean)}分。"


def _extremes(ranked: Sequence[DistrictScore]) -> str:
    high, low = max(score.total for score in ranked), min(score.total for score in ranked)
    if high == low:
        return f"各单位总分相同，均为{high}分。"
    best = [score.name for score in ranked if score.total == high]
    last = [score.name for score in ranked if score.total == low]
    return (
        f"最高的是{named(best)}{'，均为' if len(best) > 1 else '，'}{high}分；"
        f"最低的是{named(last)}{'，均为' if len(last) > 1 else '，'}{low}分；相差{high - low}分。"
    )


def _grades(facts: Facts) -> str:
    told = []
    for _, grade in facts.scheme.grades:
        names = [score.name for score in facts.ranked if facts.grade(score) == grade]
        told.append(f"{grade}{how_many(len(names), names)}")
    return f"按等次分，{joined(told)}。"


def _changes(facts: Facts) -> Iterator[str]:
    """Tell who rose and who fell, when the quarter before was judged as well."""
    if len(facts.standings) < 2 or facts.standings[-2].quarter != facts.quarter.previous:
        return
    before = {name: rank for name, rank in facts.standings[-2].ranks if rank is not None}
    moves = [(score, before[score.name]) for score in facts.ranked if score.name in before]
    up = [f"{s.name}（第{old}位升至第{s.rank}位）" for s, old in moves if s.rank is not None and s.rank < old]
    down = [f"{s.name}（第{old}位降至第{s.rank}位）" for s, old in moves if s.rank is not None and s.rank > old]
    if not moves:
        return
    same = len(moves) - len(up) - len(down)
    told = [f"位次上升的{len(up)}个：{joined(up)}"] if up else []
    told += [f"位次下降的{len(down)}个：{joined(down)}"] if down else []
    told += [f"位次不变的{same}个" if up or down else f"{same}个{facts.who}的位次均未变化"] if same else []
    caveats = "".join(f"{each}。" for each in facts.caveats)
    yield f"与{facts.quarter.previous.in_words}相比，{'；'.join(told)}。{caveats}"


def _lights(facts: Facts) -> Iterator[str]:
    lines = list(lines_of(facts.scores))
    applicable = [line for line in lines if line.light is not None]
    if not applicable:
        return
    told = []
    for light in FigureLight:
        many = sum(line.light is light for line in applicable)
        if many:
            told.append(f"{_SAID[light]}{many}项次{share_of(many, len(applicable))}")
    apart = len(lines) - len(applicable)
    aside = f"；另有{apart}项次不适用，其权重由其他指标分担" if apart else ""
    yield (
        f"{len(facts.case.scheme.items)}项指标在各{facts.who}共计{len(applicable)}项次应考核，"
        f"其中{'、'.join(told)}{aside}。"
    )


_SAID = {
    FigureLight.GREEN: "达到应达进度的",
    FigureLight.YELLOW: "接近应达进度的",
    FigureLight.RED: "落后的",
    FigureLight.GREY: "未报的",
}


def lines_of(scores: Sequence[DistrictScore]) -> Iterator[Line]:
    """Give every line of every score."""
    for score in scores:
        for part in score.components:
            yield from part.lines


def _objected(facts: Facts) -> Iterator[str]:
    if facts.run.published_on is not None:
        result = "更正后的结果" if facts.run.corrects else "结果"
        yield f"{result}经公示，{_ruled(len(facts.rulings), facts.rulings.count(Decision.APPROVED))}。"


def _ruled(many: int, upheld: int) -> str:
    if not many:
        return "没有收到申诉"
    ruled = f"收到申诉{many}件，{'均' if many > 1 else ''}已作出复核决定"
    if upheld in (0, many):
        return f"{ruled}，{'均' if many > 1 else ''}{'予以' if upheld else '未予'}采纳"
    return f"{ruled}，采纳{upheld}件"
