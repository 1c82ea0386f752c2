"""Mails as they really come: whose, about what, with which files, written by a person or a program."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.letters import Letter, read_letter
from notifications.tokens import Asked, asked_in, reply_number

SECRET = "0123456789abcdef"
ASKED = Asked(3, 45)
NUMBER = reply_number(SECRET, ASKED)
NAME = "上城区報表①.xlsx"


def read(content: bytes, *, trusted: str = "") -> Letter:
    return read_letter(content, secret=SECRET, own=frozenset({"duban@office.example"}), trusted=trusted)


def a_letter(head: str = "", body: bytes = b"text", sender: str = "a@unit.example") -> Letter:
    return read(f"From: {sender}\nMessage-ID: <1@x>\n{head}\n".encode("utf-8", "surrogateescape") + body)


def with_file(disposition: bytes) -> Letter:
    head = b"From: a@unit.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    return read(head + b"Content-Disposition: attachment; " + disposition + b"\n\nx\n--b--\n")


@pytest.mark.parametrize(
    "disposition",
    [
        b'filename="' + NAME.encode("gb18030") + b'"',
        b'filename="' + NAME.encode() + b'"',
        b"filename*=gb2312''" + quote(NAME.encode("gb18030")).encode(),
        b"filename*=utf-8'zh'" + quote(NAME).encode(),
        b'filename="=?gb2312?b?' + base64.b64encode(NAME.encode("gb18030")) + b'?="',
        b'filename="=?utf-8?b?' + base64.b64encode(NAME.encode()) + b'?="',
        b'filename="C:\\\\' + NAME.encode("gb18030") + b'"',
    ],
)
def test_chinese_names_of_files_are_read_in_whatever_way_they_are_written(disposition: bytes) -> None:
    [file] = with_file(disposition).attachments
    assert file.name == NAME and file.ending == ".xlsx"


def test_the_sender_is_the_address_whatever_the_name_pretends() -> None:
    pretending = base64.b64encode("负责人 <head@unit.example>, x".encode()).decode()
    assert a_letter(sender=f"=?utf-8?b?{pretending}?= <A@Unit.example>").sender == "a@unit.example"
    assert a_letter(sender='"head@unit.example" <a@unit.example>').sender == "a@unit.example"
    for several in ("a@unit.example, b@unit.example", "", "undisclosed:;", "a@unit.example (b) <c@x>, <d@x>"):
        found = a_letter(sender=several)
        assert found.sender == "" and found.automatic, several


def test_a_number_survives_what_mail_programs_do_to_it() -> None:
    assert asked_in(f"答复:[{NUMBER.lower()}]", SECRET) == {ASKED}
    coded = base64.b64encode(f"Re: 季报 [{NUMBER}]".encode()).decode()
    assert a_letter(f"Subject: =?utf-8?b?{coded}?=\n").asked_in_subject == {ASKED}
    assert a_letter(f"References: <x@y>\n\t<{NUMBER}@office.example>\n").asked == {ASKED}
    assert a_letter("Content-Transfer-Encoding: base64\n", base64.encodebytes(f"> {NUMBER}".encode())).asked == {ASKED}


def test_a_number_that_was_changed_is_no_number() -> None:
    other = NUMBER.replace("DB3-45-", "DB3-46-")
    for text in (other, NUMBER[:-1], NUMBER[:-1] + ("A" if NUMBER[-1] != "A" else "B"), NUMBER + "A"):
        assert asked_in(text, SECRET) == frozenset(), text
    assert asked_in(NUMBER, "another secret") == asked_in(NUMBER, "") == frozenset()


def test_the_same_mail_has_the_same_key_by_whatever_way_it_came() -> None:
    assert a_letter("Received: from a\n").key == a_letter("Received: from b\n").key
    assert a_letter(sender="b@unit.example").key != a_letter().key


def test_only_the_results_of_our_own_server_are_believed() -> None:
    theirs = "Authentication-Results: mx.evil.example; dmarc=fail\n"
    ours = "Authentication-Results: mx.office.example (comment; dmarc=pass) ; spf=fail; dkim=pass\n"
    content = f"From: a@unit.example\n{theirs}{ours}\n".encode()
    assert read(content).forged == ""
    assert read(content, trusted="mx.office.example").forged == "spf=fail"
    assert read(content, trusted="office.example").forged == ""


def test_pictures_in_the_text_are_no_files() -> None:
    mail = EmailMessage()
    mail["From"] = "a@unit.example"
    mail.set_content("见附件")
    mail.add_alternative("<img src=cid:logo>", subtype="html")
    html = mail.get_body(("html",))
    assert isinstance(html, EmailMessage)
    html.add_related(b"x", maintype="image", subtype="png", cid="<logo>", filename="logo.png")
    mail.add_attachment(b"1", maintype="application", subtype="octet-stream", filename="表.xlsx")
    assert [file.name for file in read(mail.as_bytes()).attachments] == ["表.xlsx"]


@given(st.binary(max_size=2000))
def test_anything_that_can_be_sent_can_be_read(content: bytes) -> None:
    for letter in (read(content), read(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n" + content)):
        assert "\n" not in letter.subject and "\r" not in letter.subject + letter.message_id
