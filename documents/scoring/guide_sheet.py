"""The sheets that explain: 说明, what the workbook is and how to check it; 口径裁定, how the office reads the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from documents.scoring import limits
from documents.scoring.book import SIMULATED, Book, Sheet
from documents.scoring.cells import DAY, Look, given, text
from documents.scoring.layout import Layout
from documents.scoring.table import FIRST, HEAD
from documents.scoring.tables import GUIDE, RULINGS
from supervision.periods import day_in_words

_WIDTHS = (20, 130)
_ACROSS = (0, 1)
"""The columns of a paragraph."""

_COLOURS = (
    (Look.INPUT, "报送和履职数据，可以改动试算"),
    (Look.PARAMETER, "办法参数，可以改动试算"),
    (Look.FORMULA, "公式或文字，已锁定"),
    (Look.RESULT, "公式：总分、位次、等次"),
    (Look.STORED, "存档结果或固定资料，印为数值，不随试算变化"),
    (Look.UNUSED, "本行不涉及"),
)

_CHECKING = (
    "打开后按一次“全部重算”（WPS、Excel：Ctrl+Alt+F9；LibreOffice：Ctrl+Shift+F9），“汇总”表的“与存档核对”一列应全部为“一致”。",
    "从“汇总”的总分点进公式，依次到“组成部分”“指标得分”等表，每一分都能追到本单位报送的数值、目标值、权重和计分规则。",
    "改动黄色单元格（填报数据）或蓝色单元格（办法参数、截止日期）可以试算；白色单元格是公式，已锁定，撤销工作表保护不需要密码。",
    "试算只改动这一份表格，不改变存档结果；位次区间为模拟结果，印为数值，不随试算变化。",
    "行的次序按存档位次排定，试算后位次有变化时不自动重新排序。",
)

_PRECISION = (
    "存档结果用分数精确计算，只在最后四舍五入一次；表格软件用二进制小数计算，保留 15 位有效数字。"
    "公式在比较分界线之前先保留 12 位小数、总分先保留 9 位小数再进位，使恰好一半的数同样进位。"
    "除下列情形外，重算结果与存档结果在印出的位数之内相同。"
)

_SHEETS = (
    ("汇总", "总分、位次、等次，与存档结果对照"),
    ("组成部分", "各部分的权重分摊、得分率和得分"),
    ("指标得分", "每个考核对象每项指标一行：从填报值到得分"),
    ("重点任务", "应计入考核的事项，逐项计分"),
    ("报送", "每次报送任务的扣分"),
    ("督办与加减分", "督办单、通报的扣分，加减分及其限额"),
    ("加减分", "加减分及其限额"),
    ("办法", "考核办法的全部参数、权重、分数线及出处"),
    ("工作日", "放假和调休安排，用于计算逾期工作日"),
    ("口径裁定", "计划没有说清之处，办公室怎样掌握"),
)


def write_guide(book: Book, layout: Layout, sheets: Sequence[str]) -> None:
    """Write the sheet; `sheets` are the names of the others, in order."""
    sheet = book.sheet(GUIDE, _WIDTHS)
    sheet.head(book.title, "考核计分的全过程：每一个得分都是公式，从报送的数值算起")
    sheet.worksheet.repeat_rows(0, 1)
    page = _Page(sheet)
    if book.simulated:
        page.say(f"{SIMULATED}：本工作簿的数值由程序生成，仅供演示，不是任何单位的实际报送数据", Look.WARNING)
    page.facts(_identity(layout))
    page.section("怎样核对", _CHECKING)
    page.colours()
    page.section("各表内容")
    page.facts((name, what) for name, what in _SHEETS if name in sheets)
    page.section("精度", (_PRECISION, *limits.remarks(layout.run)))


def write_rulings(book: Book, layout: Layout) -> None:
    """Write how the office reads what the plan leaves open."""
    sheet = book.table(RULINGS, "计划没有规定或没有说清的口径，以办公室的裁定为准；只列涉及本办法各项指标的")
    for row, ruling in enumerate(layout.labels.rulings, start=FIRST):
        cells = {
            "topic": text(ruling.topic),
            "question": text(ruling.question),
            "ruling": text(ruling.ruling),
            "date": given(ruling.date, Look.TEXT, DAY),
            "affects": text("、".join(ruling.affects)),
            "source": text(ruling.source),
        }
        sheet.row(RULINGS, row, cells)


def _identity(layout: Layout) -> tuple[tuple[str, str], ...]:
    case, result, labels = layout.run.case, layout.run.result, layout.labels
    return (
        ("考核对象", f"{labels.subject}，共 {len(case.districts)} 个"),
        ("考核季度", case.quarter.in_words),
        ("数据截止日", day_in_words(case.as_of)),
        ("行动计划起止", f"{day_in_words(case.span.start)}至{day_in_words(case.span.end)}"),
        ("考核办法", labels.scheme or "见“办法”表"),
        ("办法出处", labels.scheme_source or "见“办法”表"),
        ("办法指纹", result.scheme_hash),
        ("数据指纹", result.input_digest),
    )


class _Page:
    """The sheet while it is filled from the top."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.row = HEAD

    def say(self, content: str, look: Look = Look.PARAGRAPH) -> None:
        """Write a paragraph across the sheet."""
        self.sheet.merged(self.row, _ACROSS, content, look)
        self.row += 1

    def section(self, title: str, paragraphs: Iterable[str] = ()) -> None:
        """Write a title, after an empty row, and paragraphs."""
        self.row += 1
        self.sheet.put(self.row, 0, text(title, Look.SECTION))
        self.row += 1
        for paragraph in paragraphs:
            self.say(paragraph)

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Write lines of a label and what it says."""
        for label, fact in facts:
            self.sheet.line(self.row, [text(label), text(fact)])
            self.row += 1

    def colours(self) -> None:
        """Write one line for each colour that a cell can have."""
        self.section("颜色")
        for look, meaning in _COLOURS:
            self.sheet.line(self.row, [text(None, look), text(meaning)])
            self.row += 1
