"""考核说明: by which scheme and weights, what did not apply, how contested definitions were read, how to check it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from config.plan.schema.base import in_chinese
from documents.bulletin.facts import Facts
from documents.bulletin.wording import joined, points, rounding
from documents.charts.wording import COMPONENTS, UNRANKED, percent
from documents.official.content import Align, Block, Column, Heading, Table, paragraph
from documents.scoring.words import RULES, kind_of
from supervision.analysis.weights import FORMULA, EffectiveWeights, PartWeight, effective_weights
from supervision.exact import exact, plain
from supervision.indicators import LineStatus
from supervision.periods import parse_quarter
from supervision.queries.figure_series import topics_of
from supervision.scoring.explaining import explain_line

_DASH = "—"


def method(facts: Facts) -> tuple[Block, ...]:
    """Return the notes on method as the blocks of an attachment."""
    return (
        Heading(1, f"{facts.deed}办法和权重"), *_scheme(facts),
        *_section("不适用的指标和权重分担", tuple(_not_applicable(facts))),
        *_section(UNRANKED, tuple(_unranked(facts))),
        Heading(1, "名义权重与实际权重"), *_weights(facts),
        *_section("口径裁定", tuple(_rulings(facts))),
        Heading(1, "核对方法"), *(paragraph(text) for text in _checking(facts)),
    )  # fmt: skip


def _section(title: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return (Heading(1, title), *blocks) if blocks else ()


def _scheme(facts: Facts) -> Iterator[Block]:
    scheme = facts.case.scheme
    yield paragraph(
        f"《{facts.scheme.title}》，自{parse_quarter(facts.scheme.first_quarter).in_words}起执行，依据：{in_chinese(facts.scheme.source)}。"
        f"加减分净额以正负{plain(scheme.adjustment_limit)}分为限；等次按总分划分："
        f"{joined(f'{each.name}{plain(each.at_least)}分以上' for each in scheme.grades[:-1])}，"
        f"其余为{scheme.grades[-1].name}。"
    )
    sources = {part.code: in_chinese(part.source) for part in facts.scheme.components}
    rows = tuple((COMPONENTS[part.code], plain(part.weight), sources[part.code.value]) for part in scheme.components)
    columns = (Column("部分", 2), Column("权重", 1), Column("依据", 7, Align.LEFT))
    yield Table(columns, rows, caption="各部分权重")
    if scheme.items:
        yield _items(facts)


def _items(facts: Facts) -> Table:
    scheme = facts.case.scheme
    rows = []
    for item in scheme.items:
        indicator = facts.plan.indicator(item.code)
        rows.append((
            item.code, indicator.name, plain(item.weight), kind_of(item.measure),
            RULES[scheme.rule_of(item)], in_chinese(indicator.source),
        ))  # fmt: skip
    columns = (
        Column("编号", 2), Column("指标", 8, Align.LEFT), Column("权重", 2), Column("类型", 4), Column("计分", 4),
        Column("条款", 3),
    )  # fmt: skip
    return Table(columns, tuple(rows), caption="目标任务各项指标权重")


def _not_applicable(facts: Facts) -> Iterator[Block]:
    rows = [
        (score.name, facts.plan.indicator(line.code).name, explain_line(line).removesuffix("，权重由其他指标分担"))
        for score in facts.scores
        for part in score.components
        for line in part.lines
        if line.reading.status is LineStatus.NOT_APPLICABLE
    ]
    if rows:
        yield paragraph("下列指标不适用，不计入该单位得分，其权重在该单位其他适用指标之间按权重比例分担。")
        yield Table((Column("单位", 2), Column("指标", 5, Align.LEFT), Column("原因", 5, Align.LEFT)), tuple(rows))
    for part in facts.case.scheme.components:
        names = [
            score.name for score in facts.scores for own in score.components
            if own.code is part.code and own.share is None
        ]  # fmt: skip
        if names:
            yield paragraph(
                f"“{COMPONENTS[part.code]}”没有可考核内容的有{joined(names)}，该部分权重由其他部分按权重比例分担。"
            )


def _unranked(facts: Facts) -> Iterator[Block]:
    for score in facts.unranked:
        missing = [
            facts.plan.indicator(line.code).name
            for part in score.components
            for line in part.lines
            if line.reading.status is LineStatus.MISSING
        ]
        low = percent(exact(facts.case.scheme.min_coverage))
        yield paragraph(
            f"{score.name}按权重计算的报送率为{percent(score.coverage)}，低于{low}。未报的指标：{joined(missing)}。"
        )


def _weights(facts: Facts) -> Iterator[Block]:
    found = effective_weights(
        facts.case, facts.result, dominant=facts.plan.assessment.robustness.dominant, topics=topics_of(facts.plan)
    )
    if len(facts.ranked) < 2 or not found.variance:
        yield paragraph("参加排位的单位之间没有总分差距，无从计算实际权重。")
        return
    yield paragraph(f"名义权重是办法规定的分量，实际权重是各部分对总分差距的贡献：{FORMULA}。")
    rows = tuple(_weight_row(each) for each in (*found.parts, *found.items))
    columns = (
        Column("部分或指标", 8, Align.LEFT), Column("名义权重", 3), Column("实际权重", 3), Column("得分范围", 4),
    )  # fmt: skip
    note = "实际权重为负的，与总分高低方向相反。" + _rounded(found)
    yield Table(columns, rows, caption="名义权重与实际权重", note=note)
    if found.remarks:
        yield paragraph(f"需要留意的有：{'；'.join(found.remarks)}。")


def _rounded(found: EffectiveWeights) -> str:
    """Return a remark where the percentages of parts or of indicators, as printed, do not add up."""
    columns = ([each.effective for each in found.parts], [each.effective for each in found.items])
    sums = [[share * 100 for share in column if share is not None] for column in columns]
    return rounding(sums, "合计", places=1, of="个百分点")


def _weight_row(each: PartWeight) -> tuple[str, ...]:
    low, high = each.spread
    shares = (_DASH if share is None else _percent(share) for share in (each.nominal, each.effective))
    return (each.title, *shares, f"{points(low)}—{points(high)}" if low != high else points(low))


def _percent(share: Fraction) -> str:
    return percent(share) if share >= 0 else f"−{percent(-share)}"


def _rulings(facts: Facts) -> Iterator[Block]:
    codes = {item.code for item in facts.case.scheme.items}
    used = [each for each in facts.plan.rulings if codes & set(each.affects) and each.date <= facts.run.as_of]
    if used:
        rows = tuple(
            (each.topic, each.ruling, joined(code for code in each.affects if code in codes), each.date.isoformat())
            for each in used
        )
        columns = (Column("事项", 4, Align.LEFT), Column("裁定", 8, Align.LEFT), Column("涉及", 4), Column("日期", 5))
        yield Table(columns, rows)


def _checking(facts: Facts) -> Iterator[str]:
    yield (
        "每一分的来历见《得分说明》和《评分工作簿》：工作簿中的得分都是由填报数直接计算的公式，改动填报数即重新计算。"
    )
    yield (
        f"本结果为第{facts.run.vintage}版，{facts.deed}办法指纹{facts.result.scheme_hash[:16]}，"
        f"数据指纹{facts.result.input_digest[:16]}。相同的数据按相同的办法重新计算，结果完全相同。"
    )
