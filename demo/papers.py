"""Made-up people at work on papers: 审核 by one, 签发 by another, 送达 and 回执."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from config.terms import PaperState
from demo import words
from demo.desk import papers
from demo.scene import Scene
from supervision.ledger.papers import receipt, review, serve, sign

HANDED_OVER = Decimal("0.25")
"""Share of papers that are handed over in person beside the mail."""
RECEIPTED = Decimal("0.7")
"""How likely it is on any day that a unit gives its receipt."""


def sign_and_receipt(scene: Scene, at: datetime) -> None:
    """Do what is done first thing in the morning: yesterday's drafts are signed, and units give their receipts."""
    for number, unit in papers(scene.session, scene.force, PaperState.REVIEWED):
        by = scene.staff.signer(unit)
        if by is None:
            continue
        sign(scene.session, scene.force, number, by=by, at=at)
        if scene.day.lots.chosen(HANDED_OVER, "handed over", number):
            how = f"当面送交{scene.force.plan.unit(unit).name}签收{words.MADE_UP}"
            serve(scene.session, scene.force, number, by=scene.staff.clerk(), at=at, how=how)
    for number, unit in papers(scene.session, scene.force, PaperState.SERVED):
        if scene.day.lots.chosen(RECEIPTED, "receipted", number, scene.day.as_of):
            receipt(scene.session, scene.force, number, by=scene.staff.liaison(unit), at=at)


def review_drafts(scene: Scene, at: datetime) -> None:
    """Do what is done in the evening: the drafts of the day are reviewed, as far as nobody has answered meanwhile."""
    for number, _ in papers(scene.session, scene.force, PaperState.DRAFTED):
        review(scene.session, scene.force, number, by=scene.staff.clerk(), at=at)
