"""The gateway for short messages: what it is sent, what its answers mean, and how it is spared."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import trustme
from web_receiver import Receiver, Reply, listening

from config.errors import BadInput
from config.settings import Settings, settings
from config.terms import DeliveryStatus, NoticeKind, UnitKind
from notifications.channels import Outgoing, Report
from notifications.channels.gateway import GatewayChannel, mobile
from notifications.channels.gateway_terms import read_terms
from notifications.channels.posting import LONGEST_WAIT, Answer, waiting
from notifications.facts import NoticeFacts, Parcel, Recipient, Sender
from notifications.messages import Rendered

DELIVERED, TEMPORARY = DeliveryStatus.DELIVERED, DeliveryStatus.TEMPORARY
PERMANENT, TECHNICAL = DeliveryStatus.PERMANENT, DeliveryStatus.TECHNICAL
NOON = datetime(2022, 7, 11, 4, 0, tzinfo=UTC)
HANDED = Recipient(7, "li.ming", "李明", None, False, "138 0000-0001")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


def reach(receiver: Receiver, **changes: Any) -> Settings:
    given = {"gateway_url": f"{receiver.url}/send", "gateway_per_minute": 0, "gateway_timeout": 1, **changes}
    return Settings(**given)


def send(settings: Settings, *names: str) -> Report:
    batch = [Outgoing(n, f"name-{name}", name, b'{"to": "x"}') for n, name in enumerate(names or ("a",), start=1)]
    return asyncio.run(GatewayChannel(settings).send(batch))


def written(settings: Settings, subject: str = "催办：一件", text: str = "正文") -> bytes:
    notice = NoticeFacts(1, NoticeKind.URGE, "市商务局", UnitKind.MUNICIPAL, "平台", "因为")
    parcel = Parcel(1, "digest/7/2022-07-11/gateway", HANDED, (notice,), (1,))
    sender = Sender(1, "办公室", "duban@office.example", "http://portal.example/")
    return GatewayChannel(settings).compose(parcel, Rendered(subject, text, ""), sender, "13800000001", NOON)


# --- what it is sent


def test_a_message_is_posted_with_its_headers_and_the_key_that_stays_the_same(receiver: Receiver) -> None:
    given = reach(receiver, gateway_headers="Authorization: Bearer abc\nX-App: duban")
    for _ in range(2):
        assert send(given, "13800000001").outcomes[0].status is DELIVERED
    first, second = receiver.said
    assert (first.method, first.path, first.body) == ("POST", "/send", b'{"to": "x"}')
    assert first.headers["authorization"] == "Bearer abc" and first.headers["content-type"] == "application/json"
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "name-13800000001"


@pytest.mark.parametrize("subject", ['引号"和\\', "换\n行", "{{ 7*7 }}", "</script>&<>", "\u2028😀"])
def test_a_value_can_never_break_out_of_the_json(receiver: Receiver, subject: str) -> None:
    body = '{"mobile": "{{ phone }}", "args": ["{{ subject }}", {{ count }}], "who": "{{ name }}"}'
    found = json.loads(written(reach(receiver, gateway_body=body), subject=subject))
    assert found == {"mobile": "13800000001", "args": [subject, 1], "who": "李明"}


def test_a_form_holds_values_that_cannot_add_fields(receiver: Receiver) -> None:
    body = "mobile={{ phone }}&content={{ text }}&link={{ link }}"
    given = reach(receiver, gateway_format="form", gateway_body=body)
    found = parse_qs(written(given, text="甲&mobile=13900000000=乙").decode())
    assert found == {
        "mobile": ["13800000001"], "content": ["甲&mobile=13900000000=乙"], "link": ["http://portal.example/inbox"],
    }  # fmt: skip


def test_a_gateway_that_is_only_asked_gets_the_form_as_its_query(receiver: Receiver) -> None:
    given = reach(receiver, gateway_method="GET", gateway_format="form", gateway_body="m={{ phone }}")
    outgoing = Outgoing(1, "n", "13800000001", written(given))
    asyncio.run(GatewayChannel(given).send([outgoing]))
    (said,) = receiver.said
    assert (said.method, said.query, said.body) == ("GET", {"m": ["13800000001"]}, b"")


# --- to whom


@pytest.mark.parametrize(
    ("phone", "expected"),
    [("13800000001", "13800000001"), ("+86 138-0000-0001", "13800000001"), ("0571-87654321", None), ("", None),
     ("1380000000", None), ("１３８００００００１", None)],
)  # fmt: skip
def test_only_a_mobile_number_is_reached(phone: str, expected: str | None) -> None:
    assert mobile(phone) == expected


def test_somebody_made_up_is_never_sent_to(receiver: Receiver) -> None:
    for to in ("phone", "login"):
        channel = GatewayChannel(reach(receiver, gateway_to=to))
        assert channel.address_of(Recipient(1, "a", "甲", None, True, "13800000001")) is None


def test_a_network_that_knows_people_by_their_accounts_needs_no_number(receiver: Receiver) -> None:
    channel = GatewayChannel(reach(receiver, gateway_to="login"))
    assert channel.address_of(Recipient(1, "li.ming", "李明")) == "li.ming"


# --- what answers mean


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(200, {"result": {"code": 0}}), DELIVERED),
        (Reply(200, {"result": {"code": "0"}}), DELIVERED),
        (Reply(200, {"result": {"code": "BUSY"}}), TEMPORARY),
        (Reply(200, {"result": {"code": 1007}}), PERMANENT),
        (Reply(200, {"result": {"code": "什么"}}), TECHNICAL),
        (Reply(200, {"result": []}), TECHNICAL),
        (Reply(200, b"<html>sign in</html>"), TECHNICAL),
        (Reply(404), PERMANENT),
        (Reply(401), TECHNICAL),
        (Reply(302, headers={"Location": "http://127.0.0.1:1/"}), TECHNICAL),
        (Reply(503), TEMPORARY),
        (Reply(429), TEMPORARY),
    ],
)
def test_an_answer_means_what_the_settings_say(receiver: Receiver, reply: Reply, expected: DeliveryStatus) -> None:
    receiver.usual = reply
    meaning = {
        "gateway_answer": "result.code", "gateway_temporary": "BUSY", "gateway_permanent": "1007,1008",
        "gateway_permanent_status": "404",
    }  # fmt: skip
    (outcome,) = send(reach(receiver, **meaning)).outcomes
    assert outcome.status is expected
    assert bool(outcome.detail) is (expected is not DELIVERED)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("120", timedelta(seconds=120)), ("Mon, 11 Jul 2022 04:05:00 GMT", timedelta(minutes=5)),
     ("Mon, 11 Jul 2022 03:00:00 GMT", timedelta()), ("soon", timedelta()), ("-5", timedelta()), ("", timedelta()),
     ("99999999999", LONGEST_WAIT)],
)  # fmt: skip
def test_a_wait_is_understood_as_seconds_or_as_a_date(said: str, expected: timedelta) -> None:
    assert waiting(said, at=NOON) == expected


def test_only_plain_values_of_an_answer_are_looked_at() -> None:
    answer = Answer(200, b'{"a": [{"b": true}], "n": null}', timedelta())
    assert [answer.value(path) for path in ("a.0.b", "a", "n", "a.1", "a.x", "")] == ["true", *[None] * 5]


# --- how it is spared


def test_when_it_is_asked_to_wait_it_is_left_alone_and_the_rest_is_not_tried(receiver: Receiver) -> None:
    receiver.answers = [Reply(200), Reply(429, headers={"Retry-After": "600"})]
    report = send(reach(receiver), "a", "b", "c", "d")
    assert [(each.status, each.wait) for each in report.outcomes] == [
        (DELIVERED, timedelta()), (TEMPORARY, timedelta(minutes=10)),
    ]  # fmt: skip
    assert not report.usable and len(receiver.said) == 2


def test_messages_leave_at_the_pace_of_the_settings(receiver: Receiver) -> None:
    begun = time.monotonic()
    assert len(send(reach(receiver, gateway_per_minute=600), *"abcd").outcomes) == 4
    assert 0.28 < time.monotonic() - begun < 2


def test_one_bad_number_does_not_stop_the_others_and_three_troubles_in_a_row_do(receiver: Receiver) -> None:
    receiver.answers = [Reply(401), Reply(200), Reply(401), Reply(500), Reply(401)]
    report = send(reach(receiver), *"abcdefg")
    assert [each.status for each in report.outcomes] == [TECHNICAL, DELIVERED, TECHNICAL, TEMPORARY, TECHNICAL]
    assert not report.usable


def test_a_dropped_connection_or_silence_is_sent_again_under_the_same_key(receiver: Receiver) -> None:
    receiver.answers = [Reply(drop=True), Reply(after=0.6)]
    report = send(reach(receiver, gateway_timeout=0.3), "a", "b", "c")
    assert [each.status for each in report.outcomes] == [TEMPORARY, TEMPORARY, DELIVERED]
    assert "可能已经收到" in report.outcomes[0].detail and "没有应答" in report.outcomes[1].detail


def test_a_gateway_that_is_not_there_is_asked_once(receiver: Receiver) -> None:
    report = send(reach(receiver, gateway_url="http://127.0.0.1:1/send"), "a", "b")
    assert [each.status for each in report.outcomes] == [TEMPORARY] and not report.usable
    assert "连不上" in report.outcomes[0].detail


def test_nothing_secret_is_logged_or_told(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.usual = Reply(500)
    url = f"{receiver.url}/send?token=s3cret-token"
    with caplog.at_level(logging.DEBUG):
        outcomes = send(reach(receiver, gateway_url=url, gateway_headers="X-Key: s3cret-key"), "a").outcomes
        outcomes += send(reach(receiver, gateway_url="http://127.0.0.1:1/?token=s3cret-token"), "a").outcomes
    assert "s3cret" not in caplog.text + str(outcomes)


def test_a_certificate_has_to_be_trusted_by_the_system_or_the_settings(tmp_path: Path) -> None:
    authority, certified = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(certified)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with listening(certified=certified) as receiver:
        (refused,) = send(reach(receiver)).outcomes
        assert refused.status is TECHNICAL and "证书不可信" in refused.detail and not receiver.said
        (trusted,) = send(reach(receiver, gateway_ca_file=str(tmp_path / "ca.pem"))).outcomes
        assert trusted.status is DELIVERED
        with pytest.raises(BadInput, match="gateway_ca_file"):
            send(reach(receiver, gateway_ca_file=str(tmp_path / "none.pem")))


# --- settings


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"gateway_url": "ftp://x/"}, "gateway_url"),
        ({"gateway_url": "http://a b/"}, "gateway_url"),
        ({"gateway_url": "http://x:99999/"}, "gateway_url"),
        ({"gateway_url": "http://☃.中/"}, "gateway_url"),
        ({"gateway_method": "DELETE"}, "gateway_method"),
        ({"gateway_method": "GET"}, "gateway_format = form"),
        ({"gateway_format": "xml"}, "gateway_format"),
        ({"gateway_to": "email"}, "gateway_to"),
        ({"gateway_headers": "no colon"}, "gateway_headers 第 1 行"),
        ({"gateway_headers": "A: 中"}, "gateway_headers 第 1 行"),
        ({"gateway_key_header": "bad name"}, "gateway_key_header"),
        ({"gateway_success_status": "2xx"}, "gateway_success_status"),
        ({"gateway_body": '{"a": {{ phone }'}, "gateway_body"),
        ({"gateway_body": '{"a": "{{ salary }}"}'}, "gateway_body"),
        ({"gateway_body": '{"a": {{ name }}}'}, "合法的 JSON"),
        ({"gateway_body": '{"a": "{{ name.__class__.__mro__ }}"}'}, "gateway_body"),
        ({"gateway_timeout": 0}, "gateway_timeout"),
        ({"gateway_per_minute": -1}, "gateway_per_minute"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_one_line(changes: dict[str, Any], about: str) -> None:
    with pytest.raises(BadInput, match=about) as refused:
        read_terms(Settings(**{"gateway_url": "http://127.0.0.1/", **changes}))
    assert "\n" not in str(refused.value)


def test_a_section_of_the_file_stands_for_the_beginning_of_a_name_and_secrets_may_be_files(tmp_path: Path) -> None:
    toml = '[gateway]\nurl = "http://127.0.0.1/sms"\nsuccess = 0\nper_minute = 30\n[robots]\ntimeout = 3\n'
    (tmp_path / "duban.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "headers").write_text("X-Key: s3cret\n", encoding="utf-8")
    found = settings({"DUBAN_GATEWAY_HEADERS_FILE": str(tmp_path / "headers")}, tmp_path)
    assert (found.gateway_url, found.gateway_success, found.gateway_per_minute) == ("http://127.0.0.1/sms", "0", 30)
    assert (found.robots_timeout, found.gateway_headers) == (3, "X-Key: s3cret")


def test_a_section_with_an_unknown_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_text('[gateway]\nadress = "x"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="gateway_adress"):
        settings({}, tmp_path)
