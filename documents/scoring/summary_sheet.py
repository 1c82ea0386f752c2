"""The sheet 汇总: totals, ranks and grades as formulas, beside those of the stored run."""

from __future__ import annotations

from documents.scoring import words
from documents.scoring.book import Book
from documents.scoring.cells import PLAIN, SIX, TWO, Cell, Look, computed, given, text
from documents.scoring.conditions import AGREES, DIFFERS, colour_checks
from documents.scoring.formulas import ranked, total
from documents.scoring.layout import Layout
from documents.scoring.run import printed
from documents.scoring.tables import LINES, PARTS
from supervision.indicators import LineStatus
from supervision.scoring.case import ComponentCode
from supervision.scoring.result import DistrictScore

_REMARK = (
    "按存档位次排列；位次区间为权重上下浮动 20% 的 1000 次模拟结果（5%—95%），印为数值，不随试算变化；"
    "灰色为存档结果，供核对"
)


def write_summary(book: Book, layout: Layout) -> None:
    """Write the sheet."""
    table = layout.summary
    sheet = book.table(table, _REMARK, frozen="name")
    for index, (row, (_, score)) in enumerate(zip(layout.totals.rows, layout.run.districts, strict=True)):
        cells = {
            **_ranks(layout, row, score),
            "code": text(score.code),
            "name": text(score.name),
            "group": text(score.group),
            **_points(layout, index, score),
            "total": computed(_total(layout, row), float(score.total), TWO, Look.RESULT),
            **_vetoed(layout, score),
            "grade": computed(_grade(layout, row), layout.run.grade_of(score), look=Look.RESULT),
            **(_coverage(layout, index, row, score) if layout.run.scheme.items else {}),
            **_stored(layout, row, score),
        }
        sheet.row(table, row, cells)
    colour_checks(sheet, table, layout.totals)


def _ranks(layout: Layout, row: int, score: DistrictScore) -> dict[str, Cell]:
    """Return the competition ranks (1, 1, 3): one more than there are ranked ones with a higher total."""
    table, rows = layout.summary, layout.totals
    at = table.cells(row)
    higher = f"({table.inside('total', rows)}>{at['total']})"
    peers = f"EXACT({table.inside('group', rows)},{at['group']})"
    if layout.run.scheme.items:
        higher = f'({table.inside("ranked", rows)}="{words.YES}")*{higher}'
    ranks = {"rank": f"SUMPRODUCT(1*{higher})+1", "group_rank": f"SUMPRODUCT({peers}*{higher})+1"}
    if layout.run.scheme.items:
        ranks = {key: f'IF({at["ranked"]}="{words.YES}",{rank},"{words.NONE}")' for key, rank in ranks.items()}
    found = {"rank": score.rank, "group_rank": score.group_rank}
    return {
        key: computed(formula, words.NONE if found[key] is None else found[key], PLAIN, Look.RESULT)
        for key, formula in ranks.items()
    }


def _points(layout: Layout, index: int, score: DistrictScore) -> dict[str, Cell]:
    cells = {}
    for part in score.components:
        place = PARTS.cell("points", layout.part(index, part.code))
        cells[part.code.value] = computed(place, printed(part.points), SIX)
    net = layout.conduct.cell("net", layout.conducts[index].first)
    cells["adjustments"] = computed(net, printed(score.adjustments), SIX)
    return cells


def _total(layout: Layout, row: int) -> str:
    scheme, letters = layout.run.scheme, layout.summary.letters
    first, last = letters[scheme.components[0].code.value], letters["adjustments"]
    return total(f"SUM({first}{row}:{last}{row})", limited=scheme.max_total is not None)


def _vetoed(layout: Layout, score: DistrictScore) -> dict[str, Cell]:
    return {"veto": text(layout.run.vetoes.get(score.code))} if layout.run.vetoes else {}


def _grade(layout: Layout, row: int) -> str:
    """Return the first grade whose threshold the total reaches; the lowest for the unranked and the vetoed."""
    at = layout.summary.cells(row)
    reached = f"INDEX(等次名称,SUMPRODUCT(1*(等次起始分>{at['total']}))+1)"
    conditions = [f'{at["ranked"]}="{words.YES}"'] if layout.run.scheme.items else []
    conditions += [f'{at["veto"]}=""'] if layout.run.vetoes else []
    if not conditions:
        return reached
    return f"IF(AND({','.join(conditions)}),{reached},INDEX(等次名称,ROWS(等次名称)))"


def _coverage(layout: Layout, index: int, row: int, score: DistrictScore) -> dict[str, Cell]:
    """Return the weight reported over the weight that applies, 1 when none does, and whether that is enough."""
    applying = PARTS.cell("amount", layout.part(index, ComponentCode.TARGETS))
    status, nominal = (LINES.run(key, layout.lines[index]) for key in ("status", "nominal"))
    reported = f'SUMIF({status},"{words.STATUSES[LineStatus.OK]}",{nominal})'
    covered = printed(score.coverage)
    return {
        "coverage": computed(f"IF({applying}=0,1,{reported}/{applying})", covered, SIX),
        "ranked": computed(
            ranked(layout.summary.cells(row)["coverage"]), words.YES if score.ranked else words.UNRANKED
        ),
    }


def _stored(layout: Layout, row: int, score: DistrictScore) -> dict[str, Cell]:
    """Return the stored results as values, and whether the formulas still find them."""
    at = layout.summary.cells(row)
    low, high = score.rank_interval or (None, None)
    rank = text(words.NONE, Look.STORED) if score.rank is None else given(score.rank, Look.STORED)
    same = f"{at['total']}={at['stored_total']},{at['rank']}={at['stored_rank']}"
    check = f'IF(AND({same},EXACT({at["grade"]},{at["stored_grade"]})),"{AGREES}","{DIFFERS}")'
    return {
        "low": given(low, Look.STORED),
        "high": given(high, Look.STORED),
        "stored_total": given(score.total, Look.STORED, TWO),
        "stored_rank": rank,
        "stored_grade": text(layout.run.grade_of(score), Look.STORED),
        "check": computed(check, AGREES),
    }
