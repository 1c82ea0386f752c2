"""Handing mail to a real SMTP server, and to servers that refuse, break off, keep silent or are not there."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import trustme
from house import settings
from mail_server import DROP, SILENCE, MailServer

from config.terms import DeliveryStatus
from notifications.channels import EmailChannel, Outgoing, Report
from notifications.facts import Recipient

Serving = Callable[..., tuple[MailServer, dict[str, Any]]]

DELIVERED, TEMPORARY = DeliveryStatus.DELIVERED, DeliveryStatus.TEMPORARY
PERMANENT, TECHNICAL = DeliveryStatus.PERMANENT, DeliveryStatus.TECHNICAL


def a_batch(*names: str) -> list[Outgoing]:
    return [
        Outgoing(number, f"name-{name}", f"{name}@unit.example", f"Subject: {name}\n\n.leading dot\nbody".encode())
        for number, name in enumerate(names, start=1)
    ]


def send(batch: Sequence[Outgoing], reach: dict[str, Any]) -> Report:
    return asyncio.run(EmailChannel(settings(Path("unused"), **reach)).send(batch))


def statuses(report: Report) -> dict[int, DeliveryStatus]:
    return {outcome.message_id: outcome.status for outcome in report.outcomes}


def detail(report: Report, number: int) -> str:
    return next(outcome.detail for outcome in report.outcomes if outcome.message_id == number)


def test_a_batch_goes_over_one_kept_connection(serving: Serving) -> None:
    server, reach = serving()
    report = send(a_batch("a", "b", "c"), reach)
    assert set(statuses(report).values()) == {DELIVERED}
    assert report.usable
    assert server.recipients == ["a@unit.example", "b@unit.example", "c@unit.example"]
    assert server.received[0][1].get_payload() == ".leading dot\r\nbody\r\n"
    assert server.connections == 1


def test_an_empty_batch_opens_no_connection(serving: Serving) -> None:
    server, reach = serving()
    assert send([], reach) == Report(())
    assert server.connections == 0


def test_several_connections_share_a_batch_and_nobody_gets_it_twice(serving: Serving) -> None:
    server, reach = serving()
    report = send(a_batch(*"abcdefghij"), {**reach, "smtp_connections": 3})
    assert list(statuses(report).values()) == [DELIVERED] * 10
    assert sorted(server.recipients) == [f"{name}@unit.example" for name in "abcdefghij"]
    assert server.connections == 3


def test_no_more_connections_are_opened_than_there_are_messages(serving: Serving) -> None:
    server, reach = serving()
    send(a_batch("a"), {**reach, "smtp_connections": 10})
    assert server.connections == 1


# --- refusals


def test_one_refused_recipient_never_stops_the_batch(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"b@unit.example": "550 5.1.1 no such user", "d@unit.example": "450 4.2.1 mailbox busy"}
    report = send(a_batch("a", "b", "c", "d", "e"), reach)
    assert statuses(report) == {1: DELIVERED, 2: PERMANENT, 3: DELIVERED, 4: TEMPORARY, 5: DELIVERED}
    assert "550 5.1.1 no such user" in detail(report, 2)
    assert "450 4.2.1 mailbox busy" in detail(report, 4)
    assert report.usable
    assert server.connections == 1


def test_content_that_is_refused_is_told_apart_in_the_same_way(serving: Serving) -> None:
    server, reach = serving()
    server.data_replies = {"a@unit.example": "554 5.7.1 looks like spam", "b@unit.example": "451 4.3.0 try later"}
    report = send(a_batch("a", "b", "c"), reach)
    assert statuses(report) == {1: PERMANENT, 2: TEMPORARY, 3: DELIVERED}


def test_a_login_that_is_asked_for_at_the_recipient_is_our_fault_not_the_recipients(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "530 5.7.0 authentication required"}
    assert statuses(send(a_batch("a"), reach)) == {1: TECHNICAL}


def test_what_a_server_says_is_kept_in_one_bounded_line(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": "550 " + "very long " * 40}
    said = detail(send(a_batch("a"), reach), 1)
    assert "\n" not in said
    assert len(said) < 200


# --- broken connections


def test_a_connection_dropped_in_the_middle_is_opened_again_and_the_batch_goes_on(serving: Serving) -> None:
    server, reach = serving()
    server.drop_once = {"b@unit.example"}
    report = send(a_batch("a", "b", "c"), reach)
    assert list(statuses(report).values()) == [DELIVERED] * 3
    assert server.recipients == ["a@unit.example", "b@unit.example", "c@unit.example"]
    assert server.connections == 2


def test_a_server_that_takes_few_messages_on_a_connection_gets_several(serving: Serving) -> None:
    server, reach = serving()
    server.drop_after = 2
    report = send(a_batch(*"abcdefghijkl"), reach)
    assert list(statuses(report).values()) == [DELIVERED] * 12
    assert len(server.received) == 12


def test_a_closing_reply_counts_as_a_drop_not_as_a_refusal(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"b@unit.example": "421 4.3.2 closing connection"}
    report = send(a_batch("a", "b", "c"), reach)
    assert statuses(report) == {1: DELIVERED, 2: TEMPORARY, 3: DELIVERED}
    assert server.asked["b@unit.example"] == 2


def test_a_message_that_breaks_every_connection_is_put_aside_and_the_others_arrive(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"b@unit.example": DROP}
    report = send(a_batch("a", "b", "c", "d"), reach)
    assert statuses(report) == {1: DELIVERED, 2: TEMPORARY, 3: DELIVERED, 4: DELIVERED}
    assert server.asked["b@unit.example"] == 2
    assert report.usable


def test_a_message_dropped_after_its_content_waits_because_it_may_have_arrived(serving: Serving) -> None:
    server, reach = serving()
    server.data_replies = {"b@unit.example": DROP}
    report = send(a_batch("a", "b", "c"), reach)
    assert statuses(report) == {1: DELIVERED, 2: TEMPORARY, 3: DELIVERED}
    assert server.recipients.count("b@unit.example") == 1, "it must not be sent again at once"
    assert "可能已经收到" in detail(report, 2)


def test_a_server_that_drops_everything_is_left_alone(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {f"{name}@unit.example": DROP for name in "abcdefghij"}
    report = send(a_batch(*"abcdefghij"), reach)
    assert list(statuses(report).values()) == [TEMPORARY] * 10
    assert not report.usable
    assert server.connections <= 3


def test_a_server_that_keeps_silent_costs_its_timeout_and_the_others_arrive(serving: Serving) -> None:
    server, reach = serving()
    server.replies = {"a@unit.example": SILENCE}
    report = send(a_batch("a", "b"), {**reach, "smtp_timeout": 1})
    assert statuses(report) == {1: TEMPORARY, 2: DELIVERED}
    assert "1 秒内没有应答" in detail(report, 1)


def test_silence_after_the_content_may_be_an_arrival(serving: Serving) -> None:
    server, reach = serving()
    server.data_replies = {"a@unit.example": SILENCE}
    report = send(a_batch("a", "b"), {**reach, "smtp_timeout": 1})
    assert statuses(report) == {1: TEMPORARY, 2: DELIVERED}
    assert "可能已经收到" in detail(report, 1)


def test_an_unreachable_server_makes_everything_temporary_in_one_clear_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    report = send(a_batch("a", "b", "c"), {"smtp_host": "127.0.0.1", "smtp_port": port})
    assert list(statuses(report).values()) == [TEMPORARY] * 3
    assert not report.usable
    (line,) = {outcome.detail for outcome in report.outcomes}
    assert line.startswith(f"邮件服务器 127.0.0.1:{port} 连不上")
    assert "\n" not in line


def test_a_name_that_does_not_resolve_is_trouble_with_the_connection() -> None:
    report = send(a_batch("a"), {"smtp_host": "no-such-host.invalid"})
    assert statuses(report) == {1: TEMPORARY}
    assert "连不上" in detail(report, 1)


def test_something_that_is_no_mail_server_is_reported_and_nothing_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        begun = time.monotonic()
        report = send(a_batch("a", "b"), {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_timeout": 1})
        assert time.monotonic() - begun < 10
    assert list(statuses(report).values()) == [TEMPORARY] * 2


# --- encryption and login


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


def a_context(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_mail_goes_encrypted_to_a_server_whose_authority_is_known(
    serving: Serving, authority: trustme.CA, tmp_path: Path
) -> None:
    server, reach = serving(tls=a_context(authority))
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    report = send(a_batch("a", "b"), {**reach, "smtp_starttls": True, "smtp_ca_file": str(tmp_path / "ca.pem")})
    assert list(statuses(report).values()) == [DELIVERED] * 2
    assert server.secure == 2


def test_an_unknown_authority_is_a_technical_failure_and_nothing_is_sent(
    serving: Serving, authority: trustme.CA
) -> None:
    server, reach = serving(tls=a_context(authority))
    report = send(a_batch("a", "b"), {**reach, "smtp_starttls": True})
    assert list(statuses(report).values()) == [TECHNICAL] * 2
    assert "smtp_ca_file" in detail(report, 1)
    assert not report.usable
    assert server.received == []


def test_a_certificate_for_another_name_is_a_technical_failure(
    serving: Serving, authority: trustme.CA, tmp_path: Path
) -> None:
    _, reach = serving(tls=a_context(authority, "mail.elsewhere.example"))
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    report = send(a_batch("a"), {**reach, "smtp_starttls": True, "smtp_ca_file": str(tmp_path / "ca.pem")})
    assert statuses(report) == {1: TECHNICAL}


def test_a_server_without_encryption_gets_nothing_when_encryption_is_required(serving: Serving) -> None:
    server, reach = serving()
    report = send(a_batch("a"), {**reach, "smtp_starttls": True})
    assert statuses(report) == {1: TECHNICAL}
    assert "STARTTLS" in detail(report, 1)
    assert server.received == []


@pytest.mark.parametrize("content", [None, "not a certificate"])
def test_a_file_of_authorities_that_cannot_be_used_is_a_technical_failure(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    report = send(a_batch("a"), {"smtp_host": "127.0.0.1", "smtp_ca_file": str(path)})
    assert statuses(report) == {1: TECHNICAL}
    assert "smtp_ca_file" in detail(report, 1)


def test_mail_goes_out_after_logging_in(serving: Serving, authority: trustme.CA, tmp_path: Path) -> None:
    server, reach = serving(tls=a_context(authority), auth=True)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    login = {"smtp_starttls": True, "smtp_ca_file": str(tmp_path / "ca.pem"), "smtp_user": "duban"}
    report = send(a_batch("a"), {**reach, **login, "smtp_password": "secret"})
    assert statuses(report) == {1: DELIVERED}
    assert server.logins == ["duban"]


def test_a_wrong_password_is_a_technical_failure_that_never_shows_it(serving: Serving) -> None:
    server, reach = serving(auth=True)
    report = send(a_batch("a", "b"), {**reach, "smtp_user": "duban", "smtp_password": "wr0ng-pass"})
    assert list(statuses(report).values()) == [TECHNICAL] * 2
    assert "不接受登录" in detail(report, 1)
    assert "wr0ng-pass" not in detail(report, 1)
    assert not report.usable
    assert server.received == []


def test_a_server_that_offers_no_login_is_a_technical_failure(serving: Serving) -> None:
    _, reach = serving()
    report = send(a_batch("a"), {**reach, "smtp_user": "duban", "smtp_password": "secret"})
    assert statuses(report) == {1: TECHNICAL}


# --- addresses


@pytest.mark.parametrize(
    "email",
    [
        None,
        "",
        "no-at-sign",
        "a@b.example\r\nBcc: all@b.example",
        "a@b.example, c@d.example",
        "<a@b.example>",
        "局长@b.example",
        "a b@c.example",
        "a@b.example\n",
        "a" * 250 + "@b.example",
    ],
)
def test_only_one_plain_mailbox_is_an_address(email: str | None) -> None:
    channel = EmailChannel(settings(Path("unused"), smtp_host="127.0.0.1"))
    assert channel.address_of(Recipient(1, "a", "甲", email)) is None


def test_a_plain_mailbox_is_taken_as_it_is() -> None:
    channel = EmailChannel(settings(Path("unused"), smtp_host="127.0.0.1"))
    assert channel.address_of(Recipient(1, "a", "甲", "a.b+c@mail.hangzhou.example")) == "a.b+c@mail.hangzhou.example"


def test_when_the_time_for_a_batch_is_up_the_rest_is_left_untried(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.channels.email.BATCH_SECONDS", 0)
    server, reach = serving()
    report = send(a_batch("a", "b", "c"), reach)
    assert statuses(report) == {1: DELIVERED}
    assert report.usable
    assert server.recipients == ["a@unit.example"]
