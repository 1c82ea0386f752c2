"""Made-up people at work on figures: units file real sheets, the office confirms or returns them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from demo import words
from demo.behaviour import Habit
from demo.filing import (
    BY_TELEPHONE,
    Request,
    Verdict,
    by_workbook,
    cells,
    file_name,
    files_today,
    filled_form,
    sheet,
    verdict,
)
from demo.scene import Scene
from documents.forms.content import form_content
from documents.sheets import read_submission
from supervision.collection.filing import Unacceptable
from supervision.ledger import reporting
from supervision.periods import day_in_words


def work_on(scene: Scene, requests: Iterable[Request]) -> None:
    """Note what units and office do about `requests` today."""
    for request in requests:
        habit = scene.world.habit_of(request)
        if files_today(request, habit, scene.day):
            _file(scene, request, habit)
        elif decided := verdict(request, habit, scene.day):
            _decide(scene, request, decided)


def _file(scene: Scene, request: Request, habit: Habit) -> None:
    hasty = habit is Habit.RETURNED and not request.returned
    second = scene.staff.signer(request.unit)  # who records cannot confirm
    told = second is not None and scene.day.lots.chosen(BY_TELEPHONE, "by telephone", *request.names)
    by = scene.staff.clerk() if told else scene.staff.liaison(request.unit)
    source = f"{day_in_words(scene.day.as_of)}电话报告{words.MADE_UP}" if told else None

    def file(at: datetime, *, explained: bool) -> object:
        figures, form = scene.world.figures, scene.force.plan.form(request.form)
        of = {"form": request.form, "unit": request.unit, "period": str(request.period)}
        written = cells(form, request, figures, hasty=hasty, explained=explained)
        if by_workbook(request, figures):
            content = filled_form(form_content(scene.session, scene.force, **of, at=at), written)
        else:
            content = sheet(form, written, scene.force.plan)
        filed = read_submission(content, file_name(form, request, figures)).of(scene.force.plan, **of)
        return reporting.submit(scene.session, scene.force, sheet=filed, by=by, at=at, recorded_from=source, **of)

    def doing(at: datetime) -> object:
        try:
            return file(at, explained=False)
        except Unacceptable:  # asked why, the unit says why, and files again; what is refused outright stays refused
            return file(at, explained=True)

    scene.note(doing, "request", request.id)


def _decide(scene: Scene, request: Request, decided: Verdict) -> None:
    by = scene.staff.second(request.unit)
    if by is None:
        return

    def doing(at: datetime) -> object:
        if decided is Verdict.CONFIRM:
            return reporting.confirm(scene.session, scene.force, request.id, by=by, at=at)
        comment = scene.day.words(words.MISSED_FIGURES, *request.names)
        return reporting.return_submission(scene.session, scene.force, request.id, by=by, at=at, comment=comment)

    scene.note(doing, "request", request.id)
