"""A program that calls the API with somebody's token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from web_client import ORIGIN


@dataclass
class Caller:
    """A program with a token."""

    app: FastAPI
    token: str

    def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=f"{ORIGIN}/api/v1") as client:
                headers = {"Authorization": f"Bearer {self.token}", **given.pop("headers", {})}
                return await client.request(method, path, headers=headers, **given)

        return asyncio.run(sent())

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.call("GET", path, **given)

    def post(self, path: str, body: Any, **given: Any) -> httpx.Response:
        return self.call("POST", path, json=body, **given)
