"""The sheets on conduct: items due (重点任务), reporting requests (报送), papers and adjustments (督办与加减分)."""

from __future__ import annotations

from documents.scoring import words
from documents.scoring.book import Book, Sheet
from documents.scoring.cells import DAY, PLAIN, SIX, Cell, Look, computed, given, text
from documents.scoring.conditions import guard_counts, guard_key_tasks, guard_numbers, guard_requests
from documents.scoring.formulas import credit, days_late, request_deduction
from documents.scoring.layout import Layout
from documents.scoring.run import printed
from documents.scoring.table import Block, whole
from documents.scoring.tables import KEY_TASKS, PARTS, REQUESTS
from supervision.scoring.case import ComponentCode, District, Request
from supervision.scoring.conduct import reporting_deduction, supervision_deduction
from supervision.scoring.result import ComponentScore, Credit, DistrictScore

_KEY_TASKS = (
    "按时办结、逾期不超过上限的计分见“办法”表，更晚和到期未办结的计 0，尚未到期的不计；"
    "逾期工作日按“工作日”表的放假调休安排计数"
)
_REQUESTS = "未报的该次扣完；迟报和每次退回分别扣分，合计不超过未报的扣分。各项扣分在“办法”表"
_CONDUCT = "督办单、通报只计事项的（报送的已在报送中扣分）；净加减分为加减分之和，不超过正负限额"


def write_key_tasks(book: Book, layout: Layout) -> None:
    """Write one line for each item due; who has none gets an empty one."""
    sheet = book.table(KEY_TASKS, _KEY_TASKS, frozen="name")
    for index, (_, score) in enumerate(layout.run.districts):
        part = next(part for part in score.components if part.code is ComponentCode.KEY_TASKS)
        row_of_part = layout.part(index, ComponentCode.KEY_TASKS)
        credits: tuple[Credit | None, ...] = part.credits or (None,)
        counted = sum(found.credit is not None for found in part.credits)
        for number, (row, found) in enumerate(zip(layout.key_tasks[index].rows, credits, strict=True), start=1):
            worth = _worth(part, found, counted)
            sheet.row(KEY_TASKS, row, _who(score) | _item(row, number, found, row_of_part, worth))
    sheet.filters(KEY_TASKS, whole(layout.key_tasks))
    guard_key_tasks(sheet, whole(layout.key_tasks))


def _who(score: DistrictScore) -> dict[str, Cell]:
    return {"code": text(score.code), "name": text(score.name)}


def _worth(part: ComponentScore, found: Credit | None, counted: int) -> float | None:
    """Return the points of the component that an item earns; None where it does not count."""
    if found is None or found.credit is None:
        return None
    return float(part.weight * found.credit / counted)


def _item(row: int, number: int, found: Credit | None, part: int, worth: float | None) -> dict[str, Cell]:
    at = KEY_TASKS.cells(row)
    late = found.days_late if found is not None else None
    earned = found.credit if found is not None else None
    points = f'IF(ISNUMBER({at["credit"]}),{at["credit"]}/{PARTS.cell("amount", part)}*{PARTS.cell("weight", part)},"")'
    return {
        "number": given(number, Look.TEXT),
        "due": given(found.item.due if found else None, number=DAY),
        "completed": given(found.item.completed if found else None, number=DAY),
        "late": computed(days_late(at["due"], at["completed"]), late),
        "credit": computed(
            credit(at["due"], at["completed"], at["late"], not_counted=words.NOT_COUNTED),
            words.NOT_COUNTED if earned is None else float(earned),
        ),
        "points": computed(points, worth, SIX),
    }


def write_requests(book: Book, layout: Layout) -> None:
    """Write one line for each reporting request; who has none gets an empty one."""
    sheet = book.table(REQUESTS, _REQUESTS, frozen="name")
    for index, (district, score) in enumerate(layout.run.districts):
        requests: tuple[Request | None, ...] = district.requests or (None,)
        for number, (row, request) in enumerate(zip(layout.requests[index].rows, requests, strict=True), start=1):
            sheet.row(REQUESTS, row, _who(score) | _request(row, number, request))
    sheet.filters(REQUESTS, whole(layout.requests))
    guard_requests(sheet, whole(layout.requests))


def _request(row: int, number: int, request: Request | None) -> dict[str, Cell]:
    at = REQUESTS.cells(row)
    formula = request_deduction(at["late"], at["returned"], at["missing"])
    filed = request or Request()
    return {
        "number": given(number, Look.TEXT),
        "late": text(words.YES if filed.late else None, Look.INPUT),
        "returned": given(request.returned if request else None),
        "missing": text(words.YES if filed.missing else None, Look.INPUT),
        "deducted": computed(formula, float(reporting_deduction([filed])), PLAIN),
    }


def write_conduct(book: Book, layout: Layout) -> None:
    """Write the papers of each district beside its adjustments; the first of its lines has the sums."""
    table = layout.conduct
    sheet = book.table(table, _CONDUCT, frozen="name")
    for index, (district, score) in enumerate(layout.run.districts):
        rows = layout.conducts[index]
        for place, row in enumerate(rows.rows):
            adjustment = district.adjustments[place] if district.adjustments else None
            cells = {
                **_who(score),
                "points": given(adjustment.points if adjustment else None),
                "reason": text(adjustment.reason if adjustment else None, Look.INPUT),
                **(_sums(layout, rows, district, score) if row == rows.first else _nothing_more()),
            }
            sheet.row(table, row, cells)
    _guard_conduct(sheet, layout)


def _sums(layout: Layout, rows: Block, district: District, score: DistrictScore) -> dict[str, Cell]:
    table, papers = layout.conduct, district.supervision
    at = table.cells(rows.first)
    cells = {}
    if layout.has(ComponentCode.SUPERVISION):
        formula = f"督办单扣分*{at['supervision_notices']}+通报扣分*{at['circulars']}"
        cells = {
            "supervision_notices": given(papers.supervision_notices),
            "circulars": given(papers.circulars),
            "deducted": computed(formula, float(supervision_deduction(papers))),
        }
    net = f"MAX(-加减分限额,MIN(加减分限额,SUM({table.inside('points', rows)})))"
    return cells | {"net": computed(net, printed(score.adjustments), SIX)}


def _nothing_more() -> dict[str, Cell]:
    unused = text(None, Look.UNUSED)
    return dict.fromkeys(("supervision_notices", "circulars", "deducted", "net"), unused)


def _guard_conduct(sheet: Sheet, layout: Layout) -> None:
    every = whole(layout.conducts)
    guard_numbers(sheet, layout.conduct, "points", every)
    if layout.has(ComponentCode.SUPERVISION):
        for key in ("supervision_notices", "circulars"):
            guard_counts(sheet, layout.conduct, key, every)
