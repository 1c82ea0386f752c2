"""A paper by its number in the list, whatever it is: to be printed."""

from __future__ import annotations

from sqlmodel import Session

from config.errors import Refused, UnknownName
from config.terms import PaperState
from documents.bulletin.report import bulletin_of
from documents.official.content import Paper
from documents.papers.signed import signed_paper
from models import Assessment
from models import Paper as PaperRow
from supervision.in_force import InForce


def paper_to_print(session: Session, force: InForce, number: int) -> Paper:
    """Return a 督办单, 通报 or 函 as it stood when it was signed, or the bulletin of a published result.

    Raises UnknownName, Refused for one that was cancelled.
    """
    row = session.get(PaperRow, number)
    if row is None or row.plan_id != force.plan_id:
        raise UnknownName(f"没有编号为 {number} 的文书；请用 duban paper list 查看")
    if row.assessment_id is None:
        return signed_paper(session, force, number)
    if row.state is PaperState.CANCELLED:
        raise Refused(f"文书 {number} 已作废，不能打印：所通报的结果正在更正，请看更正后的通报")
    return bulletin_of(session, force, session.get_one(Assessment, row.assessment_id))
