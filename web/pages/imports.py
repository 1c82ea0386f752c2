"""导入原台账: upload, say which column is which, try, and take over all lines or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from config.errors import BadInput, DubanError
from documents import evidence as store
from documents.old_ledgers import FIELDS, NEEDED, CellProblem, OldEntry, OldLedger, entries_of, guess, read_old_ledger
from supervision.ledger.imports import Imported, import_matters
from web import inputs
from web.routing import Pages
from web.rules import OFFICE
from web.visit import Visit, Visiting, status_of
from web.wording import for_page

pages = Pages()

SHOWN = 100
"""Problems that a page lists; the rest is counted."""


@pages.show("/imports", OFFICE)
async def ask(visit: Visiting) -> Response:
    """Ask for the file."""
    return visit.page("imports/upload.html", error="")


@pages.do("/imports", OFFICE)
def look(visit: Visiting) -> Response:
    """Keep the file, and offer its columns with what they are guessed to be."""
    try:
        file = inputs.upload(visit.form, "file")
        if file is None:
            raise BadInput("请选择 .xlsx 或 .csv 文件")
        settings = visit.portal.settings
        kept = store.keep(
            settings.home, file.filename or "", file.file.read(), most_bytes=settings.upload_megabytes * 2**20
        )
        ledger = read_old_ledger(store.fetch(settings.home, kept.sha256), kept.file_name)
    except DubanError as refused:
        return visit.page("imports/upload.html", status=status_of(refused), error=for_page(str(refused)))
    return _mapping(visit, ledger, kept.sha256, guess(ledger))


def _mapping(
    visit: Visit, ledger: OldLedger, digest: str, columns: Mapping[str, int], *, error: str = "", status: int = 200,
    entries: Sequence[OldEntry] | None = None, problems: Sequence[CellProblem] = (),
) -> Response:  # fmt: skip
    return visit.page(
        "imports/mapping.html", status=status, error=error, ledger=ledger, digest=digest, columns=columns,
        fields=FIELDS, needed=NEEDED, entries=entries, problems=problems[:SHOWN], more=max(0, len(problems) - SHOWN),
    )  # fmt: skip


@pages.do("/imports/take", OFFICE)
def take(visit: Visiting) -> Response:
    """Try the mapping; when nothing is wrong and it is asked for, take everything over."""
    digest = inputs.text(visit.form, "digest", longest=64)
    if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
        raise BadInput("请重新上传文件")
    name = inputs.text(visit.form, "name", longest=200) or "原台账"
    ledger = read_old_ledger(store.fetch(visit.portal.settings.home, digest), name)
    columns = {}
    for field in FIELDS:
        number = inputs.whole(visit.form, f"column-{field}", FIELDS[field], default=0, highest=len(ledger.headings))
        if number:
            columns[field] = number - 1
    units = {unit.name_on(visit.force.today): unit.code for unit in visit.force.plan.units}
    units |= {unit.code: unit.code for unit in visit.force.plan.units}
    tasks = [task.number for task in visit.force.plan.key_tasks]
    try:
        entries, problems = entries_of(ledger, columns, units=units, tasks=tasks, as_of=visit.force.today)
        if problems:
            raise BadInput(f"有 {len(problems)} 处需要改正，没有导入；请在原文件中改正后重新上传，或调整各列")
        if visit.form.get("do") != "take":
            return _mapping(visit, ledger, digest, columns, entries=entries)
        with visit.writing() as (session, force, actor):
            assigned, history = import_matters(
                session, force, [_imported(entry) for entry in entries], digest=digest, name=name, by=actor,
                at=force.now,
            )  # fmt: skip
    except DubanError as refused:
        found = problems if "problems" in locals() else []
        return _mapping(
            visit, ledger, digest, columns, error=for_page(str(refused)), status=status_of(refused), problems=found
        )
    return visit.done("/matters", f"已导入：{assigned} 个事项已交办，{history} 个作为历史记录")


def _imported(entry: OldEntry) -> Imported:
    return Imported(
        entry.line, entry.title, entry.units, entry.due, entry.completed, entry.document, entry.content,
        entry.progress, entry.task,
    )  # fmt: skip
