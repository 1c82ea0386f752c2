"""Deciding on one mail: who wrote it, which request it answers, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from config.clock import day_of
from config.errors import BadInput, CalendarNotPublished, PlanError, Refused
from config.terms import MailOutcome
from documents.forms.returned import ReturnedForm
from flows.by_mail import answers
from flows.by_mail.filing import file_workbook, title_of
from flows.by_mail.workbook import Workbook
from models import Form, ReportingRequest
from notifications.incoming import Verdict
from notifications.letters import Letter
from supervision.in_force import InForce
from supervision.queries.senders import Correspondent, filer, with_address

_NO_NUMBER = "来信没有有效的回信编号，不能认定是哪一份报表"


@dataclass(frozen=True)
class Arrived:
    """A mail with its workbook as far as it could be read, else what is wrong with it; and when it came in."""

    letter: Letter
    workbook: Workbook | BadInput
    at: datetime


def judge(session: Session, force: InForce, mail: Arrived, *, office: str, at: datetime) -> Verdict:
    """Do what the mail asks for, as far as its sender may, and return what became of it.

    Whoever cannot be known is not answered: a forged sender would get our answers. Only a person of ours is.
    """
    letter = mail.letter
    if letter.automatic:
        return Verdict(MailOutcome.IGNORED, letter.automatic)
    people = with_address(session, force.tenant_id, letter.sender)
    if not people:
        return Verdict(MailOutcome.REFUSED, "发件地址不是在册人员的邮箱")
    if letter.forged:
        return Verdict(MailOutcome.REFUSED, f"发件人没有通过邮件服务器的验证（{letter.forged}）")
    return _Judgement(session, force, mail, people, office, at).reached()


@dataclass(frozen=True)
class _Judgement:
    session: Session
    force: InForce
    mail: Arrived
    people: Sequence[Correspondent]
    office: str
    at: datetime

    @property
    def day(self) -> date:
        return day_of(self.at)

    def reached(self) -> Verdict:
        """Return the verdict on a mail of somebody we know; what a rule refuses leaves nothing behind."""
        asked = self._asked()
        request: ReportingRequest | None = None
        try:
            if not asked:
                raise BadInput(_NO_NUMBER)
            if isinstance(self.mail.workbook, BadInput):
                request = asked[0] if len(asked) == 1 else None
                raise self.mail.workbook
            request = self._meant(asked, self.mail.workbook)
            with self.session.begin_nested():
                return self._filed(request, self.mail.workbook)
        except (CalendarNotPublished, PlanError):
            raise  # nothing that the sender could mend
        except (BadInput, Refused) as error:
            return self._refused(error, request)

    def _filed(self, request: ReportingRequest, workbook: Workbook) -> Verdict:
        by = filer(self.session, self.force.tenant_id, self.people, request.unit_id, on=self.day)
        if by is None:
            raise Refused(f"{self._title(request)}由该单位的联络员或分管负责人报送，您现在不是该单位的报送人员")
        done = file_workbook(
            self.session, self.force, request, workbook, by=by, at=self.at, arrived=self.mail.at,
            mail=self.mail.letter.key,
        )  # fmt: skip
        answer = answers.accepted(
            done.words, name=by.name, subject=self.mail.letter.subject, beside=workbook.beside, office=self.office,
            on=self.day,
        )  # fmt: skip
        return Verdict(done.outcome, done.words, request.id, by.person_id, answer)

    def _refused(self, error: BadInput | Refused, request: ReportingRequest | None) -> Verdict:
        known, person = None, self.people[0]
        if request is not None:
            known = filer(self.session, self.force.tenant_id, self.people, request.unit_id, on=self.day)
        answer = answers.refused(
            error, name=known.name if known else person.name, subject=self.mail.letter.subject,
            about=self._title(request) if request is not None and known else "", numbered=request is not None,
            office=self.office, on=self.day,
        )  # fmt: skip
        person_id = known.person_id if known else person.person_id
        return Verdict(MailOutcome.REFUSED, str(error), request.id if request else None, person_id, answer)

    def _title(self, request: ReportingRequest) -> str:
        return title_of(self.session, self.force, request)

    def _asked(self) -> list[ReportingRequest]:
        """Return the requests of this plan that the mail's reply numbers name; those in the subject first of all."""
        letter = self.mail.letter
        numbers = {asked.request_id for asked in letter.asked_in_subject or letter.asked}
        if isinstance(self.mail.workbook, Workbook) and isinstance(self.mail.workbook.read, ReturnedForm):
            numbers |= {asked.request_id for asked in letter.asked}  # the form says which of them is meant
        statement = select(ReportingRequest).where(
            col(ReportingRequest.plan_id) == self.force.plan_id, col(ReportingRequest.id).in_(numbers)
        )
        return list(self.session.scalars(statement.order_by(col(ReportingRequest.id))))

    def _meant(self, asked: Sequence[ReportingRequest], workbook: Workbook) -> ReportingRequest:
        """Return which of the requests the workbook answers. Raises BadInput when that cannot be told."""
        stamp = workbook.read.stamp if isinstance(workbook.read, ReturnedForm) else None
        if stamp is not None:
            own = [each for each in asked if self._key(each) == (stamp.form, stamp.unit, stamp.period)]
            if own:
                return own[0]
        subject = {number.request_id for number in self.mail.letter.asked_in_subject}
        named = [each for each in asked if each.id in subject] or list(asked)
        if len(named) == 1:
            return named[0]
        raise BadInput("来信涉及多份报表，附件看不出是哪一份：请用平台下载的报送表填报，一份报表回复一封邮件")

    def _key(self, request: ReportingRequest) -> tuple[str, str, str]:
        form = self.session.get_one(Form, request.form_id)
        return form.code, self.force.unit_codes[request.unit_id], request.period
