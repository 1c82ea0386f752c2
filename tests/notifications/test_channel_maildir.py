"""Mail as files: whole or not at all, and once, whatever has become of the file since."""

from __future__ import annotations

import asyncio
import mailbox
import os
from pathlib import Path

import pytest
from house import settings

from config.terms import DeliveryStatus
from notifications.channels import MaildirChannel, Outgoing, Report
from notifications.facts import Recipient


def a_message(number: int = 1, content: bytes = b"Subject: one\n\nbody\n") -> Outgoing:
    return Outgoing(number, f"name{number}", "a@unit.example", content)


def send(home: Path, *batch: Outgoing) -> Report:
    return asyncio.run(MaildirChannel(settings(home)).send(batch))


def files(home: Path, part: str = "new") -> list[str]:
    return sorted(os.listdir(home / "mail" / part))


def test_messages_are_there_to_be_read_by_any_mail_program(tmp_path: Path) -> None:
    report = send(tmp_path, a_message(1), a_message(2, b"Subject: two\n\nbody\n"))
    assert [outcome.status for outcome in report.outcomes] == [DeliveryStatus.DELIVERED] * 2
    box = mailbox.Maildir(tmp_path / "mail", create=False)
    assert sorted(mail["Subject"] for mail in box) == ["one", "two"]
    assert files(tmp_path, "tmp") == []


def test_a_message_sent_again_is_not_written_again(tmp_path: Path) -> None:
    send(tmp_path, a_message())
    report = send(tmp_path, a_message(content=b"Subject: later\n\n"))
    assert report.outcomes[0].status is DeliveryStatus.DELIVERED
    assert files(tmp_path) == ["name1"]
    assert b"one" in (tmp_path / "mail" / "new" / "name1").read_bytes()


def test_a_message_that_was_read_meanwhile_is_not_written_again(tmp_path: Path) -> None:
    send(tmp_path, a_message())
    (tmp_path / "mail" / "new" / "name1").rename(tmp_path / "mail" / "cur" / "name1:2,S")
    send(tmp_path, a_message())
    assert files(tmp_path) == []
    assert files(tmp_path, "cur") == ["name1:2,S"]


def test_what_a_crash_left_half_written_is_written_whole(tmp_path: Path) -> None:
    send(tmp_path)
    mailbox.Maildir(tmp_path / "mail")
    (tmp_path / "mail" / "tmp" / f"name1.{os.getpid()}").write_bytes(b"Subj")
    send(tmp_path, a_message())
    assert (tmp_path / "mail" / "new" / "name1").read_bytes() == b"Subject: one\n\nbody\n"


def test_others_cannot_read_the_mail(tmp_path: Path) -> None:
    send(tmp_path, a_message())
    assert (tmp_path / "mail" / "new" / "name1").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_a_technical_failure_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    report = send(tmp_path, a_message(1), a_message(2))
    assert [outcome.status for outcome in report.outcomes] == [DeliveryStatus.TECHNICAL] * 2
    assert not report.usable
    assert "无法写入" in report.outcomes[0].detail
    assert "\n" not in report.outcomes[0].detail


@pytest.mark.parametrize(
    ("login", "email", "expected"),
    [
        ("swj.liaison", None, "swj.liaison@localhost.invalid"),
        ("swj.liaison", "a@unit.example", "a@unit.example"),
        ("swj.liaison", "a@b\r\nBcc: c@d", "swj.liaison@localhost.invalid"),
        ("局长", None, "person-7@localhost.invalid"),
    ],
)
def test_people_without_a_usable_address_still_get_their_mail(login: str, email: str | None, expected: str) -> None:
    channel = MaildirChannel(settings(Path("unused")))
    assert channel.address_of(Recipient(7, login, "甲", email)) == expected
