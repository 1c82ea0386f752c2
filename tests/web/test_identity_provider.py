"""Signing in through an identity provider: who is bound gets in, and whatever was tampered with does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from identity_provider import CLIENT, SECRET, IdentityProvider, providing
from joserfc.jwk import RSAKey
from web_client import ORIGIN, Client, words

from access import accounts
from config.clock import now
from config.settings import Settings
from database import Database, writing
from web.app import create_app

LIAISON = "jxj.liaison"


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with providing() as found:
        yield found


@pytest.fixture
def client(provider: IdentityProvider, standing: Database, tmp_path: Path) -> Client:
    """A browser at a portal that knows the provider; one person is bound to it."""
    with writing(standing) as session:
        tenant = session.connection().exec_driver_sql("SELECT min(id) FROM tenant").scalar_one()
        accounts.put_subject(session, tenant, login=LIAISON, subject="sub-0001", at=now(), by="console")
    settings = Settings(
        home=tmp_path, portal_url=ORIGIN, oidc_issuer=provider.url, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    )
    return Client(create_app(settings, standing))


def round_trip(client: Client, path: str = "/sign-in/provider") -> httpx.Response:
    """Go to the provider and come back, as a browser does."""
    out = client.get(path)
    assert out.status_code == 303, words(out)
    back = httpx.get(out.headers["location"]).headers["location"]
    split = urlsplit(back)
    return client.get(f"{split.path}?{split.query}")


def test_who_is_bound_gets_in_and_back_to_the_page_that_was_asked_for(client: Client) -> None:
    assert "用统一身份认证登录" in words(client.get("/sign-in"))
    answer = round_trip(client, "/sign-in/provider?next=/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert LIAISON in words(client.get("/account"))


def test_who_is_not_bound_is_told_whom_to_ask(client: Client, provider: IdentityProvider) -> None:
    provider.subject = "somebody-else"
    answer = round_trip(client)
    assert answer.status_code == 409 and "没有绑定" in words(answer)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "old"}, {"exp": 1}, {"sub": None}]
)
def test_an_answer_that_is_not_for_us_is_refused(
    wrong: dict[str, object], client: Client, provider: IdentityProvider
) -> None:
    provider.claims = wrong
    assert round_trip(client).status_code == 409
    assert client.get("/account").status_code == 303


def test_an_answer_signed_by_somebody_else_is_refused(client: Client, provider: IdentityProvider) -> None:
    provider.signed_by = RSAKey.generate_key(2048, {"kid": "k1"})
    assert round_trip(client).status_code == 409


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(client: Client) -> None:
    out = client.get("/sign-in/provider")
    back = urlsplit(httpx.get(out.headers["location"]).headers["location"])
    stranger = Client(client.app)
    assert stranger.get(f"{back.path}?{back.query}").status_code == 409
    forged = back.query.replace("state=", "state=x")
    assert client.get(f"{back.path}?{forged}").status_code == 409


def test_a_provider_that_does_not_answer_is_named_and_passwords_still_work(standing: Database, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, portal_url=ORIGIN, oidc_issuer="http://127.0.0.1:9", oidc_client_id="x")
    client = Client(create_app(settings, standing))
    answer = client.get("/sign-in/provider")
    assert answer.status_code == 503 and "用口令登录" in words(answer)
    assert client.get("/sign-in").status_code == 200
