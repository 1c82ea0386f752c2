"""得分说明: for each unit every line of its score, explained down to the figure that it filed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from documents.bulletin.facts import Facts, ItemFact
from documents.bulletin.tasks import described
from documents.bulletin.wording import joined, parts_of, points, rounding, signed
from documents.charts.league import interval
from documents.charts.wording import COMPONENTS, LIGHTS, UNRANKED
from documents.official.content import Align, Block, Column, Heading, PageBreak, Paragraph, Table, paragraph
from supervision.exact import exact, half_up, plain
from supervision.scoring.case import ComponentCode, Request
from supervision.scoring.conduct import (
    A_LITTLE_LATE,
    A_LITTLE_LATE_DAYS,
    CIRCULAR,
    ON_TIME,
    SUPERVISION_NOTICE,
    reporting_deduction,
)
from supervision.scoring.explaining import explain_component, explain_line
from supervision.scoring.result import ComponentScore, DistrictScore, Line

_DASH = "—"

_CREDITS = (
    f"逾期天数按工作日计。按时办结计{ON_TIME}，逾期{A_LITTLE_LATE_DAYS}个工作日以内计{half_up(A_LITTLE_LATE, 1)}，"
    "其余计0。"
)


def explanation(facts: Facts) -> tuple[Block, ...]:
    """Return the explanation of every unit in rank order, each from a new page on."""
    blocks: list[Block] = []
    for place, score in enumerate(facts.scores):
        if place:
            blocks.append(PageBreak())
        blocks += _unit(facts, score)
    return tuple(blocks)


def _unit(facts: Facts, score: DistrictScore) -> Iterator[Block]:
    yield Heading(1, score.name)
    yield paragraph(_total(facts, score))
    yield _parts(score)
    for part in score.components:
        yield Heading(2, COMPONENTS[part.code])
        yield from _part(facts, score, part)
    if given := facts.entry(score.code).adjustments:
        yield Heading(2, "加减分")
        for each in given:
            yield paragraph(f"{each.reason or '未注明事由'}：{signed(exact(each.points))}分。")


def _total(facts: Facts, score: DistrictScore) -> str:
    if score.ranked:
        group = f"，{score.group}组第{score.group_rank}位" if facts.has_groups and score.group else ""
        rank = f"在{len(facts.ranked)}个参加排位的{facts.who}中列第{score.rank}位{group}，位次区间{interval(score)}"
    else:
        rank = f"{UNRANKED}，不排位次"
    veto = f"因{facts.vetoes[score.code]}被一票否决，" if score.code in facts.vetoes else ""
    summed = joined(f"{COMPONENTS[part.code]}{points(part.points)}" for part in score.components)
    added = f"、加减分{signed(score.adjustments)}" if score.adjustments else ""
    whole = half_up(sum(parts_of(score), Fraction(0)), 2)
    if Decimal(whole) != score.total:
        added += f"，合计{whole}，按{'上限' if Decimal(whole) > score.total else '下限'}计"
    apart = rounding([parts_of(score)], "总分" if Decimal(whole) == score.total else "合计")
    return f"总分{score.total}分（{summed}{added}），{rank}，{veto}等次为{facts.grade(score)}。{apart}"


def _parts(score: DistrictScore) -> Table:
    rows = tuple(
        (COMPONENTS[part.code], _number(part.weight), points(part.points), explain_component(part))
        for part in score.components
    )
    columns = (Column("部分", 3), Column("权重", 2), Column("得分", 2), Column("怎样得出", 13, Align.LEFT))
    return Table(columns, rows)


def _part(facts: Facts, score: DistrictScore, part: ComponentScore) -> Iterator[Block]:
    match part.code:
        case ComponentCode.TARGETS:
            yield _lines(facts, part)
        case ComponentCode.KEY_TASKS:
            yield _items(facts.items.get(score.code, ()))
        case ComponentCode.REPORTING:
            yield from (paragraph(text) for text in _requests(facts.entry(score.code).requests))
        case ComponentCode.SUPERVISION:
            yield from _supervision(facts, score)


def _lines(facts: Facts, part: ComponentScore) -> Table:
    columns = (
        Column("编号", 2), Column("指标", 6, Align.LEFT), Column("完成", 2), Column("权重", 3), Column("得分", 2),
        Column("怎样得出", 13, Align.LEFT),
    )  # fmt: skip
    apart = rounding([[line.points for line in part.lines if line.points is not None]], "本部分得分")
    return Table(columns, tuple(_line(facts, line) for line in part.lines), note=apart)


def _line(facts: Facts, line: Line) -> tuple[str, ...]:
    look = LIGHTS[line.light]
    indicator = facts.plan.indicator(line.code)
    earned = _DASH if line.points is None else points(line.points)
    name = f"{indicator.name}（{indicator.unit_of_measure}）"
    return (line.code, name, look.word, _number(line.weight), earned, explain_line(line))


def _number(weight: Fraction) -> str:
    """Return a weight after sharing out, with four decimals at most."""
    return plain(Decimal(half_up(weight, 4)))


def _items(items: tuple[ItemFact, ...]) -> Table | Paragraph:
    if not items:
        return paragraph("没有应计入的交办事项。")
    columns = (
        Column("事项", 10, Align.LEFT), Column("期限", 5), Column("延期", 2), Column("办结", 5), Column("逾期天数", 4),
        Column("计分", 3),
    )  # fmt: skip
    return Table(columns, tuple(map(_item, items)), note=_CREDITS)


def _item(item: ItemFact) -> tuple[str, ...]:
    credit = item.credit
    done = credit.item.completed.isoformat() if credit.days_late is not None and credit.item.completed else "未办结"
    earned = "未到期，不计" if credit.credit is None else plain(Decimal(half_up(credit.credit, 1)))
    moved = f"{item.extensions}次" if item.extensions else _DASH
    late = str(credit.days_late) if credit.days_late else _DASH
    return (described(item), credit.item.due.isoformat(), moved, done, late, earned)


def _requests(requests: tuple[Request, ...]) -> Iterator[str]:
    if not requests:
        yield "没有应报的报表，不扣分。"
        return
    kinds = Counter(requests)
    faulty = [(each, many) for each, many in kinds.items() if reporting_deduction([each])]
    yield f"应报{len(requests)}期次，按期且未退回{len(requests) - sum(many for _, many in faulty)}期次。"
    for each, many in faulty:
        told = _fault(each)
        yield f"{told}{many}期次，每期次扣{half_up(reporting_deduction([each]), 1)}分。"


def _fault(request: Request) -> str:
    if request.missing:
        return "未报"
    told = ["迟报"] if request.late else []
    told += [f"退回{request.returned}次"] if request.returned else []
    return "并".join(told)


def _supervision(facts: Facts, score: DistrictScore) -> Iterator[Block]:
    found = facts.entry(score.code).supervision
    if not found.supervision_notices and not found.circulars:
        yield paragraph("没有因事项被督办、通报，不扣分。")
        return
    told = []
    if found.supervision_notices:
        told.append(f"督办单{found.supervision_notices}份，每份扣{SUPERVISION_NOTICE}分")
    if found.circulars:
        told.append(f"通报{found.circulars}份，每份扣{CIRCULAR}分")
    yield paragraph(f"{'；'.join(told)}。")
    own = [paper for paper in facts.papers if paper.unit == score.code and paper.on_item]
    for paper in own:
        yield paragraph(f"{paper.number}，{paper.issued_on.isoformat()}签发：{paper.subject}。")
