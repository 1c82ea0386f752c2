"""A browser without scripts for the portal's tests, and what its answers say."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from access import passwords

PASSWORD = "Kaihu-denglu-2022"
PASSWORD_HASH = passwords.hashed(PASSWORD)
HOST = "duban.example.cn"
ORIGIN = f"https://{HOST}"


@dataclass
class Client:
    """A browser without scripts: it keeps cookies, follows no redirect by itself, and fills in a form's secret."""

    app: FastAPI
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    last: httpx.Response = field(default_factory=lambda: httpx.Response(0))
    """The answer to the last request."""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page."""
        return self._send("GET", path, headers=headers)

    def post(
        self, path: str, form: Mapping[str, Any] | None = None, *, files: Any = None, headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        """Send a form, with the secret of this sign-in unless the form names another."""
        data = {"csrf": self.csrf, **(form or {})}
        return self._send("POST", path, data=data, files=files, headers=dict(headers))

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Go where an answer leads."""
        assert answer.status_code == 303, (answer.status_code, words(answer))
        return self.get(answer.headers["location"])

    def secret(self, path: str = "/account/password") -> str:
        """Return the secret that the forms of a page bring back."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.get(path).text)
        assert found, f"no form on {path}"
        return found[1]

    def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            jar = httpx.Cookies()
            for name, value in self.cookies.items():
                jar.set(name, value, domain=HOST)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=jar) as client:
                answer = await client.request(method, path, **given)
                self.cookies = {each.name: each.value or "" for each in client.cookies.jar}
                self.last = answer
                return answer

        return asyncio.run(sent())


def words(answer: httpx.Response) -> str:
    """Return what a page says, without its markup."""
    text = re.sub(r"<(script|style).*?</\1>", "", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()
