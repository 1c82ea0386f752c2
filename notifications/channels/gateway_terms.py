"""What settings say about a gateway: how a message is written for it, and what its answers mean. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, urlsplit

import httpx
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.errors import BadInput
from config.settings import Settings
from config.terms import DeliveryStatus
from notifications.channels.posting import Answer
from notifications.wording import one_line, shortened

METHODS = ("POST", "PUT", "GET")
FORMATS = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
ADDRESSES = ("phone", "login")

VALUE_LIMIT = 60
"""Characters kept of what an answer says."""

SAMPLE: Mapping[str, str] = {
    "phone": "13800000000", "login": "li.ming", "name": "李明", "subject": "“试写”\\ & 一行",
    "text": "第一行\n第二行", "link": "http://127.0.0.1/inbox", "office": "办公室", "count": "1", "key": "0",
}  # fmt: skip
"""What a template is tried with before anything is claimed: it must cope with quotes, breaks and ampersands."""

_HEADER = re.compile(
    r"(?P<name>[A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*:[ \t]*(?P<value>[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)"
)
_STATUSES = re.compile(r"(?P<first>[1-5]\d\d)(?:-(?P<last>[1-5]\d\d))?")

Statuses = frozenset[int]


@dataclass(frozen=True)
class Meaning:
    """What the answers of a gateway mean: status codes first, then the value at `path` when there is a path."""

    success_status: Statuses
    temporary_status: Statuses
    permanent_status: Statuses
    path: str
    success: frozenset[str]
    temporary: frozenset[str]
    permanent: frozenset[str]

    def of(self, answer: Answer) -> tuple[DeliveryStatus, str]:
        """Return what an answer means, and why; whatever is not named in the settings is technical."""
        if answer.status in self.temporary_status:
            return DeliveryStatus.TEMPORARY, f"消息网关暂时不收（状态码 {answer.status}）"
        if answer.status in self.permanent_status:
            return DeliveryStatus.PERMANENT, f"消息网关不能送达此人（状态码 {answer.status}）"
        if answer.status not in self.success_status:
            return DeliveryStatus.TECHNICAL, f"消息网关拒收（状态码 {answer.status}）：请检查 gateway_ 各项设置"
        return self._of_value(answer) if self.path else (DeliveryStatus.DELIVERED, "")

    def _of_value(self, answer: Answer) -> tuple[DeliveryStatus, str]:
        value = answer.value(self.path)
        said = f"{self.path} 为 {'空' if value is None else shortened(one_line(value), VALUE_LIMIT)}"
        if value in self.success:
            return DeliveryStatus.DELIVERED, ""
        if value in self.temporary:
            return DeliveryStatus.TEMPORARY, f"消息网关暂时不收（{said}）"
        if value in self.permanent:
            return DeliveryStatus.PERMANENT, f"消息网关不能送达此人（{said}）"
        return DeliveryStatus.TECHNICAL, f"消息网关的应答不在设置之中（{said}）：请检查 gateway_ 各项设置"


@dataclass(frozen=True)
class Terms:
    """How to speak with the gateway."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: Template
    as_json: bool
    meaning: Meaning

    def write(self, values: Mapping[str, str]) -> bytes:
        """Return the body for one message. Raises jinja2's TemplateError, ValueError for what is no JSON."""
        written = self.body.render(values)
        if self.as_json:
            json.loads(written)
        return written.strip().encode()


def read_terms(settings: Settings) -> Terms:
    """Return the terms that the settings give. Raises BadInput in one line that names the setting."""
    _choice("gateway_method", settings.gateway_method, METHODS)
    _choice("gateway_format", settings.gateway_format, tuple(FORMATS))
    _choice("gateway_to", settings.gateway_to, ADDRESSES)
    as_json = settings.gateway_format == "json"
    if as_json and settings.gateway_method == "GET":
        raise BadInput("设置项 gateway_method 为 GET 时没有正文，请设 gateway_format = form")
    if settings.gateway_timeout <= 0 or settings.gateway_per_minute < 0:
        raise BadInput("设置项 gateway_timeout 应大于 0，gateway_per_minute 应为 0（不限）或更大的整数")
    return Terms(
        web_address("gateway_url", settings.gateway_url), settings.gateway_method, _headers(settings),
        _template(settings.gateway_body, as_json), as_json, _meaning(settings),
    )  # fmt: skip


def web_address(setting: str, given: str) -> str:
    """Return an http(s) address as given. Raises BadInput for anything else, without repeating it: it may be secret."""
    try:
        parts = urlsplit(given)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        httpx.URL(given)
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable or one_line(given) != given or " " in given:
        raise BadInput(f"设置项 {setting} 应为 http:// 或 https:// 开头的地址")
    return given


def _headers(settings: Settings) -> dict[str, str]:
    """Return the headers to send. Raises BadInput without repeating a line: it may hold a password."""
    found: dict[str, str] = {}
    for number, line in enumerate(settings.gateway_headers.splitlines(), start=1):
        if not line.strip():
            continue
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            raise BadInput(f"设置项 gateway_headers 第 {number} 行应写成“名称: 值”，只用半角字符")
        found[header["name"]] = header["value"]
    key = settings.gateway_key_header
    if key and _HEADER.fullmatch(f"{key}: 0") is None:
        raise BadInput(f"设置项 gateway_key_header 应为请求头的名称，现为“{one_line(key)}”")
    return {"Content-Type": FORMATS[settings.gateway_format], **found}


def _meaning(settings: Settings) -> Meaning:
    return Meaning(
        success_status=_statuses(settings, "gateway_success_status"),
        temporary_status=_statuses(settings, "gateway_temporary_status"),
        permanent_status=_statuses(settings, "gateway_permanent_status"),
        path=settings.gateway_answer.strip(),
        success=_words(settings.gateway_success),
        temporary=_words(settings.gateway_temporary),
        permanent=_words(settings.gateway_permanent),
    )


def _statuses(settings: Settings, name: str) -> Statuses:
    found: set[int] = set()
    given = str(getattr(settings, name))
    for part in _words(given):
        span = _STATUSES.fullmatch(part)
        if span is None:
            raise BadInput(f"设置项 {name} 应为状态码或起止，用逗号隔开，如 408,500-599，现为“{one_line(given)}”")
        found |= set(range(int(span["first"]), int(span["last"] or span["first"]) + 1))
    return frozenset(found)


def _words(given: str) -> frozenset[str]:
    return frozenset(word.strip() for word in given.split(",") if word.strip())


def _template(text: str, as_json: bool) -> Template:
    """Return the template, after it was tried. Every value put in is escaped; nothing else can be reached from it."""
    escape = _in_json if as_json else quote_plus
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=lambda value: escape(str(value)), autoescape=False
    )  # the values go into JSON or a form, where HTML's escapes would be wrong
    try:
        template = environment.from_string(text)
        tried = template.render(SAMPLE)
        if as_json:
            json.loads(tried)
    except TemplateError as error:
        raise BadInput(
            f"设置项 gateway_body 不能用作模板（{one_line(str(error))}）；可用的值：{'、'.join(SAMPLE)}"
        ) from None
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadInput(f"设置项 gateway_body 填入内容后不是合法的 JSON（{one_line(str(error))}）") from None
    return template


def _in_json(text: str) -> str:
    """Return `text` as it stands between the quotation marks of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _choice(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise BadInput(f"设置项 {name} 应为 {'、'.join(allowed)} 之一，现为“{one_line(given)}”")
