"""The sheet 组成部分: one line for each component of each district, from its lines to its points."""

from __future__ import annotations

from documents.scoring import words
from documents.scoring.book import Book
from documents.scoring.cells import PLAIN, SIX, Cell, computed, text
from documents.scoring.layout import VALUE, Layout
from documents.scoring.run import printed
from documents.scoring.table import Block, whole
from documents.scoring.tables import KEY_TASKS, LINES, PARTS, REQUESTS
from supervision.exact import exact, total_of
from supervision.indicators import LineStatus
from supervision.scoring.case import Component, ComponentCode
from supervision.scoring.result import ComponentScore

_REMARK = "没有适用内容的部分，权重按比例分给其他部分；目标任务的得分为各指标得分之和"


def write_parts(book: Book, layout: Layout) -> None:
    """Write the sheet."""
    sheet = book.table(PARTS, _REMARK, frozen="component")
    for index, (_, score) in enumerate(layout.run.districts):
        rows = layout.parts[index]
        who = {"code": text(score.code), "name": text(score.name)}
        parts = zip(rows.rows, layout.run.scheme.components, score.components, strict=True)
        for place, (row, part, found) in enumerate(parts):
            weight = layout.scheme.cell(VALUE, layout.scheme.components.first + place)
            sheet.row(PARTS, row, who | _part(layout, index, row, rows, part, found, weight))
    sheet.filters(PARTS, whole(layout.parts))


def _part(
    layout: Layout, district: int, row: int, rows: Block, part: Component, found: ComponentScore, weight: str
) -> dict[str, Cell]:
    at = PARTS.cells(row)
    nominal, applies = PARTS.inside("nominal", rows), PARTS.inside("applies", rows)
    shared = f'{at["nominal"]}*SUM({nominal})/SUMIF({applies},"{words.YES}",{nominal})'
    return {
        "component": text(words.COMPONENTS[part.code]),
        "nominal": computed(weight, float(part.weight)),
        "based_on": text(words.BASED_ON[part.code]),
        "amount": computed(_amount(layout, district, part.code), _amount_found(found), PLAIN),
        "applies": computed(_applies(part.code, at), words.NO if found.share is None else words.YES),
        "weight": computed(f'IF({at["applies"]}="{words.YES}",{shared},0)', printed(found.weight), SIX),
        "share": computed(_share(layout, district, part.code, at), _share_found(found), SIX),
        "points": computed(_points(layout, district, part.code, at), printed(found.points), SIX),
    }


def _amount(layout: Layout, district: int, code: ComponentCode) -> str:
    """Return what the component is calculated from: weight that applies, items counted, or points deducted."""
    match code:
        case ComponentCode.TARGETS:
            status, nominal = (LINES.run(key, layout.lines[district]) for key in ("status", "nominal"))
            return f'SUMIF({status},"<>{words.STATUSES[LineStatus.NOT_APPLICABLE]}",{nominal})'
        case ComponentCode.KEY_TASKS:
            credits = KEY_TASKS.run("credit", layout.key_tasks[district])
            # COUNT alone would pass over an item whose working days cannot be counted.
            return f"IF(ISERROR(SUM({credits})),NA(),COUNT({credits}))"
        case ComponentCode.REPORTING:
            return f"SUM({REQUESTS.run('deducted', layout.requests[district])})"
        case ComponentCode.SUPERVISION:
            return layout.conduct.cell("deducted", layout.conducts[district].first)


def _amount_found(found: ComponentScore) -> float:
    if found.code is ComponentCode.TARGETS:
        return float(total_of(exact(line.gauge.item.weight) for line in found.lines if line.share is not None))
    if found.code is ComponentCode.KEY_TASKS:
        return sum(each.credit is not None for each in found.credits)
    return float(found.deducted or 0)


def _applies(code: ComponentCode, at: dict[str, str]) -> str:
    if code in (ComponentCode.TARGETS, ComponentCode.KEY_TASKS):
        return f'IF({at["amount"]}>0,"{words.YES}","{words.NO}")'
    return f'"{words.YES}"'


def _share(layout: Layout, district: int, code: ComponentCode, at: dict[str, str]) -> str:
    match code:
        case ComponentCode.TARGETS:
            return f'IF({at["applies"]}="{words.YES}",{at["points"]}/{at["weight"]},"")'
        case ComponentCode.KEY_TASKS:
            credits = KEY_TASKS.run("credit", layout.key_tasks[district])
            return f'IF({at["applies"]}="{words.YES}",SUM({credits})/{at["amount"]},"")'
        case _:
            return f"MAX(0,{at['nominal']}-{at['amount']})/{at['nominal']}"


def _share_found(found: ComponentScore) -> float | None:
    return None if found.share is None else float(found.share)


def _points(layout: Layout, district: int, code: ComponentCode, at: dict[str, str]) -> str:
    if code is ComponentCode.TARGETS:
        return f"SUM({LINES.run('points', layout.lines[district])})"
    return f'IF({at["applies"]}="{words.YES}",{at["weight"]}*{at["share"]},0)'
