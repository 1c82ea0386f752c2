"""Robots of work groups: what each platform is sent, and what its answers mean though all come with status 200."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from web_receiver import Receiver, Reply, listening

from config.errors import BadInput
from config.settings import Settings
from config.terms import DeliveryStatus
from notifications.channels import Outcome
from notifications.channels.robots import LEFT_ALONE, post, read_robots

DINGTALK = "office=dingtalk://SECabc@token1"
WECOM = "office=wecombot://key-1_a"
FEISHU = "office=feishu://s3cr@to-ken"
OK = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success", "data": {}}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        found.usual = Reply(200, OK)
        yield found


def reach(receiver: Receiver, robots: str, **changes: Any) -> Settings:
    bases = {f"robots_{name}": receiver.url for name in ("dingtalk", "wecom", "feishu")}
    return Settings(**{"robots": robots, "robots_timeout": 1, **bases, **changes})


def say(settings: Settings, text: str = "【督办】有通知") -> Outcome:
    (robot,) = read_robots(settings)
    (outcome,) = asyncio.run(post([(1, robot, text)], settings))
    return outcome


def test_dingtalk_is_sent_a_signed_text(receiver: Receiver) -> None:
    assert say(reach(receiver, DINGTALK)).status is DeliveryStatus.DELIVERED
    (said,) = receiver.said
    stamp, sign = said.query["timestamp"][0], said.query["sign"][0]
    expected = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert (said.path, said.query["access_token"]) == ("/robot/send", ["token1"])
    assert base64.b64decode(sign, validate=True) == expected
    assert said.json == {"msgtype": "text", "text": {"content": "【督办】有通知"}}


def test_wecom_is_sent_a_text_under_its_key(receiver: Receiver) -> None:
    assert say(reach(receiver, WECOM)).status is DeliveryStatus.DELIVERED
    (said,) = receiver.said
    assert (said.path, said.query) == ("/cgi-bin/webhook/send", {"key": ["key-1_a"]})
    assert said.json == {"msgtype": "text", "text": {"content": "【督办】有通知"}}


def test_feishu_is_sent_a_text_that_is_signed_itself(receiver: Receiver) -> None:
    assert say(reach(receiver, FEISHU)).status is DeliveryStatus.DELIVERED
    (said,) = receiver.said
    stamp = said.json["timestamp"]
    sign = base64.b64encode(hmac.new(f"{stamp}\ns3cr".encode(), digestmod=hashlib.sha256).digest()).decode()
    assert said.path == "/open-apis/bot/v2/hook/to-ken"
    assert said.json == {
        "timestamp": stamp, "sign": sign, "msg_type": "text", "content": {"text": "【督办】有通知"},
    }  # fmt: skip


def test_a_robot_without_a_secret_is_not_signed(receiver: Receiver) -> None:
    for robots in ("office=dingtalk://token1", "office=feishu://to-ken"):
        assert say(reach(receiver, robots)).status is DeliveryStatus.DELIVERED
    dingtalk, feishu = receiver.said
    assert set(dingtalk.query) == {"access_token"} and set(feishu.json) == {"msg_type", "content"}


@pytest.mark.parametrize(
    ("robots", "reply", "expected"),
    [
        (DINGTALK, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}, "temporary"),
        (DINGTALK, {"errcode": 660026, "errmsg": "robot send too fast"}, "temporary"),
        (DINGTALK, {"errcode": -1, "errmsg": "系统繁忙"}, "temporary"),
        (DINGTALK, {"errcode": 310000, "errmsg": "sign not match"}, "technical"),
        (DINGTALK, {"errcode": 300001, "errmsg": "token is not exist"}, "technical"),
        (WECOM, {"errcode": 45009, "errmsg": "api freq out of limit"}, "temporary"),
        (WECOM, {"errcode": 93000, "errmsg": "invalid webhook url"}, "technical"),
        (FEISHU, {"code": 11232, "msg": "frequency limited psm"}, "temporary"),
        (FEISHU, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}, "technical"),
        (FEISHU, {"code": 19024, "msg": "Key Words Not Found"}, "technical"),
        (WECOM, {}, "technical"),
    ],
)
def test_a_refusal_that_comes_with_status_200_is_seen(
    receiver: Receiver, robots: str, reply: dict[str, Any], expected: str
) -> None:
    receiver.usual = Reply(200, reply)
    outcome = say(reach(receiver, robots))
    assert outcome.status.value == expected
    assert outcome.wait == (LEFT_ALONE if expected == "temporary" else timedelta())


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(429, headers={"Retry-After": "3600"}), ("temporary", timedelta(hours=1))),
        (Reply(502, b"<html>bad gateway</html>"), ("temporary", LEFT_ALONE)),
        (Reply(404), ("technical", timedelta())),
        (Reply(302, OK), ("technical", timedelta())),
        (Reply(after=1.5), ("permanent", timedelta())),
        (Reply(drop=True), ("permanent", timedelta())),
    ],
)
def test_what_may_have_been_posted_is_not_posted_again_and_what_was_not_is(
    receiver: Receiver, reply: Reply, expected: tuple[str, timedelta]
) -> None:
    receiver.usual = reply
    outcome = say(reach(receiver, DINGTALK, robots_timeout=0.5))
    assert (outcome.status.value, outcome.wait) == expected


def test_a_platform_that_is_not_there_is_tried_later(receiver: Receiver) -> None:
    outcome = say(reach(receiver, DINGTALK, robots_dingtalk="http://127.0.0.1:1"))
    assert outcome.status is DeliveryStatus.TEMPORARY and "连不上" in outcome.detail


@pytest.mark.parametrize(
    "robots",
    ["dingtalk://s3cret", "office=http://s3cret", "=wecombot://s3cret", "office=wecombot://", "office=feishu://%%s3cret",
     "office=dingtalk://s3*cret@t", "office=dingtalk://s3-cret", f"{WECOM}\n{WECOM}"],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(
    robots: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(BadInput, match=r"设置项 robots 第 \d 行") as refused:
        read_robots(Settings(robots=robots))
    assert "\n" not in str(refused.value) and "cret" not in str(refused.value) + caplog.text


def test_nothing_secret_is_logged_told_or_shown(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    receiver.usual = Reply(200, {"errcode": 310000, "errmsg": "sign not match"})
    settings = reach(receiver, DINGTALK)
    with caplog.at_level(logging.DEBUG):
        outcome = say(settings)
    shown = caplog.text + str(outcome) + str(read_robots(settings))
    assert "token1" not in shown and "SECabc" not in shown


def test_without_robots_nothing_is_read_and_a_line_may_be_a_remark() -> None:
    assert read_robots(Settings(robots="\n# 以后再设\n")) == ()
