"""Signing in through an identity provider (OpenID Connect, authorization code with PKCE), by authlib.

The provider says who somebody is; what they may do here is still what they were appointed to.
"""

from __future__ import annotations

import json
import secrets
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.deprecate import AuthlibDeprecationWarning
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from config.errors import Refused, StoreError
from config.settings import Settings

with warnings.catch_warnings():
    # It tells its own developers that it will move to a successor of httpx; who starts the portal cannot act on that.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client

TIMEOUT_SECONDS = 10
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_FAILED = "统一身份认证没有完成，请重新登录；仍不成功的，请联系系统管理员"


class ProviderUnavailable(StoreError):
    """The identity provider does not answer, or not as it should."""


@dataclass(frozen=True)
class Begun:
    """A sign-in on its way to the provider: where the browser goes, and what has to come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Provider:
    """The identity provider of an installation."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    @classmethod
    def of(cls, settings: Settings) -> Provider | None:
        """Return the provider that the settings name; None when there is none."""
        if not settings.oidc_issuer:
            return None
        back = f"{settings.portal_url.rstrip('/')}/sign-in/provider/back"
        return cls(settings.oidc_issuer.rstrip("/"), settings.oidc_client_id, settings.oidc_client_secret, back)

    def begin(self) -> Begun:
        """Return where the browser is sent. Raises ProviderUnavailable."""
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        with self._client() as client:
            address, state = client.create_authorization_url(
                self._metadata()["authorization_endpoint"], code_verifier=verifier, nonce=nonce
            )
        return Begun(address, state, nonce, verifier)

    def finish(self, query: Mapping[str, str], begun: Begun) -> str:
        """Return the subject that the provider vouches for.

        Raises Refused when the answer is not to this request, or not signed by the provider for this installation,
        ProviderUnavailable when the provider does not answer.
        """
        if not query.get("code") or not secrets.compare_digest(query.get("state", ""), begun.state):
            raise Refused(_FAILED)
        metadata = self._metadata()
        try:
            with self._client(begun.state) as client:
                token = client.fetch_token(
                    metadata["token_endpoint"], code_verifier=begun.verifier,
                    authorization_response=f"{self.redirect_uri}?{urlencode(dict(query))}",
                )  # fmt: skip
            keys = KeySet.import_key_set(cast(KeySetSerialization, _fetched(metadata["jwks_uri"])))
            claims = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                iss={"essential": True, "value": metadata["issuer"]},
                aud={"essential": True, "value": self.client_id},
                sub={"essential": True},
                exp={"essential": True},
                nonce={"essential": True, "value": begun.nonce},
            ).validate(claims)
        except httpx.HTTPError as error:
            raise ProviderUnavailable(_unanswered(self.issuer)) from error
        except (JoseError, AuthlibBaseError, KeyError, ValueError) as error:
            raise Refused(_FAILED) from error
        return str(claims["sub"])

    def _client(self, state: str | None = None) -> OAuth2Client:
        return OAuth2Client(
            self.client_id, self.client_secret, scope="openid", redirect_uri=self.redirect_uri, state=state,
            code_challenge_method="S256", timeout=TIMEOUT_SECONDS, trust_env=False,
        )  # fmt: skip

    def _metadata(self) -> dict[str, Any]:
        found = _fetched(f"{self.issuer}/.well-known/openid-configuration")
        if found.get("issuer", "").rstrip("/") != self.issuer:
            raise ProviderUnavailable(
                f"统一身份认证 {self.issuer} 自称 {found.get('issuer')}，请核对 DUBAN_OIDC_ISSUER"
            )
        return found


def _fetched(address: str) -> dict[str, Any]:
    try:
        answer = httpx.get(address, timeout=TIMEOUT_SECONDS, trust_env=False)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        raise ProviderUnavailable(_unanswered(address)) from error
    if not isinstance(found, dict):
        raise ProviderUnavailable(_unanswered(address))
    return found


def _unanswered(address: str) -> str:
    return f"统一身份认证（{address}）没有应答，请稍后再试，或用口令登录"
