"""The network's gateway for short messages (SMS, 浙政钉): one HTTP request a message, in the form it is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from config.settings import Settings
from config.terms import DeliveryStatus
from notifications.channels.channel import Outcome, Outgoing, Report
from notifications.channels.gateway_terms import read_terms
from notifications.channels.posting import NotAnswered, NotReached, ask, client, trusting
from notifications.facts import Parcel, Recipient, Sender
from notifications.messages import Rendered
from notifications.mime import name_of
from notifications.wording import one_line, shortened

BATCH_SECONDS = 240
"""After so long no further message of a batch is begun, so that it is settled well within the lease of its claim."""

TROUBLES_IN_A_ROW = 3
"""Messages that may come to nothing one after another; then the gateway is left alone until the next run."""

THROTTLED = 429

PHONE_LIMIT = 40
"""Characters kept of a number that is none."""

_PHONE = re.compile(r"(?:\+?86)?(?P<number>1[3-9]\d{9})")
_SEPARATORS = re.compile(r"[\s-]+")

_HERE = (DeliveryStatus.DELIVERED, DeliveryStatus.PERMANENT)
"""Outcomes that show the gateway at work."""

_Tried = tuple[Outcome, bool]
"""What became of one message, and whether the next one may be tried."""


def mobile(phone: str) -> str | None:
    """Return the eleven digits of a mobile number of the mainland, None for a landline or anything else."""
    found = _PHONE.fullmatch(_SEPARATORS.sub("", phone))
    return found["number"] if found else None


@dataclass
class _Pace:
    """Keeps messages apart: never more than so many a minute, evenly."""

    seconds: float
    next_at: float = 0.0

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self.next_at - loop.time()))
        self.next_at = loop.time() + self.seconds


class GatewayChannel:
    """Hands one message at a time to the gateway of the settings. Raises BadInput for settings it cannot use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._terms = read_terms(settings)
        self._trust = trusting(settings.gateway_ca_file, "gateway_ca_file")
        self._pace = _Pace(60 / settings.gateway_per_minute if settings.gateway_per_minute else 0.0)

    def address_of(self, recipient: Recipient) -> str | None:
        """Return the person's mobile number or login, as the settings say; None for somebody made up (模拟数据).

        An invented number may be somebody's: nothing is sent to it.
        """
        if recipient.synthetic:
            return None
        return recipient.login if self._settings.gateway_to == "login" else mobile(recipient.phone or "")

    def compose(self, parcel: Parcel, rendered: Rendered, sender: Sender, address: str, at: datetime) -> bytes:
        """Return the body of the request for one message."""
        return self._terms.write({
            "phone": mobile(parcel.recipient.phone or "") or "",
            "login": parcel.recipient.login,
            "name": parcel.recipient.name,
            "subject": rendered.subject,
            "text": rendered.text,
            "link": f"{sender.portal_url.rstrip('/')}/inbox",
            "office": sender.office,
            "count": str(len(parcel.notices)),
            "key": name_of(sender.plan_id, parcel.key),
        })  # fmt: skip

    async def send(self, batch: Sequence[Outgoing]) -> Report:
        """Hand over one after another, at the pace of the settings; what does not fit into the time is not tried.

        When the gateway asks to be left alone, is not there or fails again and again, the rest is not tried either.
        """
        loop = asyncio.get_running_loop()
        stops_at, outcomes, troubles = loop.time() + BATCH_SECONDS, list[Outcome](), 0
        async with client(timeout=self._settings.gateway_timeout, trust=self._trust) as http:
            for outgoing in batch:
                await self._pace.wait()
                if outcomes and loop.time() >= stops_at:
                    return Report(tuple(outcomes), usable=False)  # the other channels have their turn first
                outcome, open_for_more = await self._hand_over(http, outgoing)
                outcomes.append(outcome)
                troubles = 0 if outcome.status in _HERE else troubles + 1
                if not open_for_more or troubles >= TROUBLES_IN_A_ROW:
                    return Report(tuple(outcomes), usable=False)
        return Report(tuple(outcomes))

    async def _hand_over(self, http: httpx.AsyncClient, outgoing: Outgoing) -> _Tried:
        number = outgoing.message_id
        try:
            answer = await ask(http, self._request(http, outgoing))
        except NotReached as trouble:
            return Outcome(number, trouble.status, f"消息网关 {trouble}"), False
        except NotAnswered as silence:
            detail = f"消息网关 {silence}，对方可能已经收到；将以同一标识重发"
            return Outcome(number, DeliveryStatus.TEMPORARY, detail), True
        status, detail = self._terms.meaning.of(answer)
        wait = answer.wait if status is DeliveryStatus.TEMPORARY else timedelta()
        return Outcome(number, status, detail, wait), answer.status != THROTTLED and not wait

    def _request(self, http: httpx.AsyncClient, outgoing: Outgoing) -> httpx.Request:
        terms, key = self._terms, self._settings.gateway_key_header
        headers = dict(terms.headers) | ({key: outgoing.name} if key else {})
        if terms.method != "GET":
            return http.build_request(terms.method, terms.url, content=outgoing.content, headers=headers)
        headers.pop("Content-Type")
        joined = "&" if "?" in terms.url else "?"
        return http.build_request("GET", f"{terms.url}{joined}{outgoing.content.decode()}", headers=headers)


def no_number(recipient: Recipient) -> str:
    """Return why nothing can be sent to the person by the gateway, for the office to read."""
    if recipient.synthetic:
        return "模拟数据中的人员，不发短信和政务消息"
    if not recipient.phone:
        return "没有手机号码"
    return f"不是手机号码（{shortened(one_line(recipient.phone), PHONE_LIMIT)}）"


class NoGateway:
    """Stands for a gateway that was taken out of the settings while messages waited for it."""

    def address_of(self, recipient: Recipient) -> str:
        """Return something for everybody: it is not the person's fault."""
        return recipient.login

    def compose(self, parcel: Parcel, rendered: Rendered, sender: Sender, address: str, at: datetime) -> bytes:
        """Return nothing: it goes nowhere."""
        return b""

    async def send(self, batch: Sequence[Outgoing]) -> Report:
        """Report every message as technical: the administrator has to put the gateway back."""
        detail = "有消息等待消息网关发出，而设置中已没有 gateway_url：请恢复设置"
        return Report(tuple(Outcome(each.message_id, DeliveryStatus.TECHNICAL, detail) for each in batch), usable=False)
