"""The bytes of a mail, read back by the standard library's strict parser."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st
from mails import mail_of

from config.clock import ZONE
from notifications.facts import Sender
from notifications.messages import Rendered
from notifications.mime import compose, name_of

AT = datetime(2022, 7, 12, 9, 0, tzinfo=ZONE)
OFFICE = Sender(1, "新市领导小组办公室", "duban@office.example", "https://d.example", reply_to="office@office.example")


def a_mail(
    subject: str = "【催办】建设线上交易平台",
    name: str = "市商务局联络员",
    text: str = "正文\n",
    sender: Sender = OFFICE,
) -> EmailMessage:
    rendered = Rendered(subject, text, f"<p>{text}</p>")
    content = compose(rendered, sender, key="notice/1/2", name=name, address="a@unit.example", at=AT)
    return mail_of(content)


def test_a_mail_has_the_headers_that_mail_programs_need() -> None:
    mail = a_mail()
    assert mail["Subject"] == "【催办】建设线上交易平台"
    assert mail["From"] == "新市领导小组办公室 <duban@office.example>"
    assert mail["To"] == "市商务局联络员 <a@unit.example>"
    assert mail["Reply-To"] == "office@office.example"
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{name_of(1, 'notice/1/2')}@office.example>"


def test_text_comes_before_html_and_both_are_utf8() -> None:
    plain, html = a_mail(text="督办\n").iter_parts()
    assert plain.get_content() == "督办\n"
    assert html.get_content() == "<p>督办\n</p>"
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


def test_without_an_address_to_reply_to_there_is_no_such_header() -> None:
    assert a_mail(sender=Sender(1, "办公室", "duban@office.example", "https://d.example"))["Reply-To"] is None


def test_the_same_message_at_the_same_instant_is_the_same_to_the_byte() -> None:
    assert a_mail().as_bytes() == a_mail().as_bytes()


def test_messages_of_different_plans_never_share_a_name() -> None:
    assert name_of(1, "digest/5/2022-07-12") != name_of(2, "digest/5/2022-07-12")


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_subject_or_name_can_smuggle_a_header_or_a_recipient_in(name: str, text: str) -> None:
    mail = a_mail(name=name + "\r\nBcc: all@unit.example\r\n", text=text)
    assert mail["Bcc"] is None
    assert [address.addr_spec for address in mail["To"].addresses] == ["a@unit.example"]
    assert len(mail.keys()) == len(a_mail().keys())


@given(st.text(max_size=200))
def test_every_line_of_the_head_keeps_to_the_standard(name: str) -> None:
    content = compose(Rendered("长" * 120, "", ""), OFFICE, key="k", name=name, address="a@unit.example", at=AT)
    head = content.split(b"\n\n", 1)[0]
    head.decode("ascii")
    assert max(len(line) for line in head.split(b"\n")) <= 78
