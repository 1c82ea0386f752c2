"""Robots of work groups in DingTalk, WeCom and Feishu: one text, posted into a group, to nobody in particular.

The library knows the addresses: how they are written, checked and signed. What it does not do is read the answer:
all three platforms say with status 200 that they have refused, so the request is made here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import httpx

from config import clock
from config.errors import BadInput
from config.settings import Settings
from config.terms import DeliveryStatus
from notifications.channels.channel import Outcome
from notifications.channels.gateway_terms import web_address
from notifications.channels.posting import Answer, NotAnswered, NotReached, ask, client, trusting
from notifications.wording import one_line, shortened

OFFICE = "office"
"""The group of everybody: its robot speaks of the whole plan."""

SAID_LIMIT = 100
"""Characters kept of what a platform says."""

LEFT_ALONE = timedelta(minutes=10)
"""How long a robot that has spoken too fast is left alone. Source: DingTalk's page on custom robots."""

_SECRET = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Platform:
    """How one platform answers: where the code stands, which codes mean later, and what the words are under.

    Any other code is a fault of the robot or its settings. Source: the platforms' pages on custom robots.
    """

    name: str
    title: str
    code: str
    words: str
    later: frozenset[str]
    body: Callable[[str, str, datetime], Mapping[str, Any]]


def _text(text: str, secret: str, at: datetime) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _feishu(text: str, secret: str, at: datetime) -> Mapping[str, Any]:
    """Return the body for Feishu, which is signed itself, in seconds and with an empty message under the key."""
    said: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if not secret:
        return said
    stamp = str(int(at.timestamp()))
    sign = hmac.new(f"{stamp}\n{secret}".encode(), digestmod=hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(sign).decode(), **said}


PLATFORMS: Mapping[str, Platform] = {
    "dingtalk": Platform(
        "dingtalk", "钉钉", "errcode", "errmsg", frozenset({"-1", "130101", "660026", "410100", "90030"}), _text
    ),
    "wecombot": Platform("wecom", "企业微信", "errcode", "errmsg", frozenset({"-1", "45009", "45033"}), _text),
    "feishu": Platform("feishu", "飞书", "code", "msg", frozenset({"11232", "11233", "9499"}), _feishu),
}
"""By the beginning of the address."""


@dataclass(frozen=True)
class Robot:
    """One robot: the group it speaks in (a unit's name or code, or OFFICE), and how it is reached.

    The address holds its password, so it is never shown.
    """

    group: str
    platform: Platform
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    sign: Callable[[], tuple[str, str]] | None = field(default=None, repr=False)

    def request(self, http: httpx.AsyncClient, text: str, at: datetime) -> httpx.Request:
        """Return the request that posts `text` at `at`."""
        url = self.url
        if self.sign is not None:
            stamp, sign = self.sign()
            # The library gives the signature quoted already; it goes into the address quoted once.
            url = f"{url}&{urlencode({'timestamp': stamp, 'sign': unquote(sign)}, quote_via=quote)}"
        body = json.dumps(self.platform.body(text, self.secret, at), ensure_ascii=False).encode()
        return http.build_request("POST", url, content=body, headers={"Content-Type": "application/json"})

    def meaning(self, answer: Answer) -> tuple[DeliveryStatus, str]:
        """Return what the answer means: posted, later, or a fault for the administrator."""
        called = f"{self.platform.title}机器人（{self.group}）"
        if answer.status == 429 or answer.status >= 500:
            return DeliveryStatus.TEMPORARY, f"{called}暂时不收（状态码 {answer.status}）"
        code = answer.value(self.platform.code)
        if answer.status == 200 and code == "0":
            return DeliveryStatus.DELIVERED, ""
        said = f"状态码 {answer.status}" if code is None else f"{self.platform.code} {code}"
        words = shortened(one_line(answer.value(self.platform.words) or ""), SAID_LIMIT)
        if code in self.platform.later:
            return DeliveryStatus.TEMPORARY, f"{called}发送过快，暂时不收（{said}）"
        return (
            DeliveryStatus.TECHNICAL,
            f"{called}拒收（{said}{'：' if words else ''}{words}）：请检查机器人的地址和安全设置",
        )


def read_robots(settings: Settings) -> tuple[Robot, ...]:
    """Return the robots of the settings, in their order. Raises BadInput in one line that never repeats an address."""
    found: dict[tuple[str, str], Robot] = {}
    for number, line in enumerate(settings.robots.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        robot = _robot(line, f"设置项 robots 第 {number} 行", settings)
        if (robot.group, robot.platform.name) in found:
            raise BadInput(f"设置项 robots 第 {number} 行：{robot.group} 已有一个{robot.platform.title}机器人")
        found[robot.group, robot.platform.name] = robot
    if found and settings.robots_timeout <= 0:
        raise BadInput("设置项 robots_timeout 应大于 0")
    if found:
        trusting(settings.robots_ca_file, "robots_ca_file")
    return tuple(found.values())


def _robot(line: str, where: str, settings: Settings) -> Robot:
    group, _, url = (part.strip() for part in line.partition("="))
    platform = PLATFORMS.get(url.partition("://")[0].lower())
    if not group or platform is None:
        known = "、".join(f"{scheme}://（{each.title}）" for scheme, each in PLATFORMS.items())
        raise BadInput(f"{where}应写成“单位或 office=机器人地址”，地址以 {known} 开头")
    plugin, secret = _plugin(url, where)
    base = web_address(f"robots_{platform.name}", str(getattr(settings, f"robots_{platform.name}"))).rstrip("/")
    ours = urlsplit(plugin.notify_url.format(token=getattr(plugin, "token", ""), key=getattr(plugin, "key", "")))
    # Feishu's own address ends without the stroke that the library puts behind it.
    address = f"{base}{ours.path.rstrip('/')}" + (f"?{ours.query}" if ours.query else "")
    signs = plugin.get_signature if getattr(plugin, "secret", None) else None
    return Robot(group, platform, address, secret, signs)


def _plugin(url: str, where: str) -> tuple[Any, str]:
    """Return the library's object for an address, and the secret in it. Loaded only where there is a robot."""
    from apprise.plugins.dingtalk import NotifyDingTalk
    from apprise.plugins.feishu import NotifyFeishu
    from apprise.plugins.wecombot import NotifyWeComBot

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its warnings repeat the address
    plugins: dict[str, Any] = {"dingtalk": NotifyDingTalk, "wecombot": NotifyWeComBot, "feishu": NotifyFeishu}
    kind = plugins[url.partition("://")[0].lower()]
    try:
        parts = kind.parse_url(url) or {}
        plugin = kind(**parts)
    except (TypeError, ValueError, AttributeError):
        raise BadInput(f"{where}的机器人地址不完整或有不能用的字符，请对照机器人的设置页面核对") from None
    secret = unquote(str(parts.get("user") or parts.get("secret") or ""))
    if secret and _SECRET.fullmatch(secret) is None:
        raise BadInput(f"{where}的加签密钥只能用半角字符")
    return plugin, secret


async def post(robots: Sequence[tuple[int, Robot, str]], settings: Settings) -> tuple[Outcome, ...]:
    """Post each text by its robot; return an outcome for each number.

    A platform knows no key by which a repetition could be recognised. So a text after which no answer came is not
    posted again: it is permanent, with the words that it may have arrived.
    """
    trust = trusting(settings.robots_ca_file, "robots_ca_file")
    async with client(timeout=settings.robots_timeout, trust=trust) as http:
        return tuple([await _post(http, number, robot, text) for number, robot, text in robots])


async def _post(http: httpx.AsyncClient, number: int, robot: Robot, text: str) -> Outcome:
    called = f"{robot.platform.title}机器人（{robot.group}）"
    try:
        answer = await ask(http, robot.request(http, text, clock.now()))
    except NotReached as trouble:
        return Outcome(number, trouble.status, f"{called} {trouble}")
    except NotAnswered as silence:
        return Outcome(number, DeliveryStatus.PERMANENT, f"{called} {silence}，可能已经发出，不再重发")
    status, detail = robot.meaning(answer)
    wait = max(answer.wait, LEFT_ALONE) if status is DeliveryStatus.TEMPORARY else timedelta()
    return Outcome(number, status, detail, wait)
