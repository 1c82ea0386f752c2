"""Which mails may be answered with a workbook, and how they say so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mails import mail_of

from config.clock import ZONE
from config.terms import NoticeKind, UnitKind
from notifications.facts import NoticeFacts, Recipient, Sender
from notifications.messages import SUBJECT_LIMIT, Rendered, render
from notifications.mime import compose
from notifications.tokens import Asked, reply_number

SECRET = "0123456789abcdef"
AT = datetime(2022, 7, 4, 9, 0, tzinfo=ZONE)
OFFICE = Sender(7, "办公室", "duban@office.example", "https://d.example", "duban@office.example", reply_secret=SECRET)
SOMEBODY = Recipient(1, "a", "上城区联络员")


def a_notice(request: int | None = 3, **changes: Any) -> NoticeFacts:
    values: dict[str, Any] = {
        "notice_id": request or 1, "kind": NoticeKind.REQUEST_OPENED, "unit": "上城区", "unit_kind": UnitKind.DISTRICT,
        "title": "季报", "because": "已开放报送", "period": "2022Q2", "due": date(2022, 7, 20), "request_id": request,
    }  # fmt: skip
    return NoticeFacts(**values | changes)


def told(*notices: NoticeFacts, sender: Sender = OFFICE) -> Rendered:
    return render(SOMEBODY, notices, sender, at=AT)


def number(request: int) -> str:
    return reply_number(SECRET, Asked(7, request))


def test_one_request_is_numbered_in_subject_text_html_and_references() -> None:
    mail = told(a_notice())
    assert mail.subject.endswith(f"[{number(3)}]") and number(3) in mail.text and number(3) in mail.html
    content = compose(mail, OFFICE, key="k", name="某人", address="a@unit.example", at=AT)
    assert mail_of(content)["References"] == f"<{number(3)}@office.example>"


def test_a_digest_numbers_each_request_once_and_none_in_its_subject() -> None:
    mail = told(a_notice(3), a_notice(4), a_notice(4, kind=NoticeKind.URGE, notice_id=9))
    assert "DB7-" not in mail.subject and mail.asks == (Asked(7, 3), Asked(7, 4))
    assert mail.text.count(number(4)) == 1 and "涉及2份报表" in mail.text


def test_a_long_title_never_cuts_the_number() -> None:
    subject = told(a_notice(title="长" * 300)).subject
    assert len(subject) <= SUBJECT_LIMIT and subject.endswith(f"[{number(3)}]")


def test_what_asks_for_no_workbook_bears_no_number() -> None:
    silent = Sender(7, "办公室", "duban@office.example", "https://d.example")
    for mail in (
        told(a_notice(), sender=silent),
        told(a_notice(of_unit=False)),
        told(a_notice(None, item_id=5, kind=NoticeKind.REMIND)),
        told(a_notice(kind=NoticeKind.FORM_TO_CONFIRM)),
    ):
        assert mail.asks == () and "DB7-" not in mail.subject + mail.text + mail.html
        assert "回信编号" not in mail.text + mail.html
