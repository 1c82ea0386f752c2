"""Reply numbers (回信编号): what a mail about a reporting request bears, and an answer to it must bring back. Pure.

A number names plan and request and is signed with the installation's `reply_secret`, so that nobody makes one up who
was never asked. It is ASCII without spaces, because it has to survive subjects, quoted bodies and References.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

SECRET_LENGTH = 16
"""Characters that a `reply_secret` has at least."""

_SIGNED = 10
"""Bytes of the signature: 80 bits, sixteen letters and digits."""

_NUMBER = re.compile(r"\bDB(?P<plan>[1-9]\d{0,9})-(?P<request>[1-9]\d{0,17})-(?P<signature>[A-Z2-7]{16})\b", re.I)


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """What a reply number names: a request of a plan, both by the database's number."""

    plan_id: int
    request_id: int


def reply_number(secret: str, asked: Asked) -> str:
    """Return the reply number of a request: the same each time, as long as the secret is."""
    return f"DB{asked.plan_id}-{asked.request_id}-{_signature(secret, asked)}"


def reply_reference(secret: str, asked: Asked, domain: str) -> str:
    """Return the reply number in the form of a Message-ID: mail programs carry it on in References."""
    return f"<{reply_number(secret, asked)}@{domain}>"


def asked_in(text: str, secret: str) -> frozenset[Asked]:
    """Return what the reply numbers in `text` name; those with a signature that is not ours count for nothing."""
    return frozenset(_signed(text, secret)) if secret else frozenset()


def _signed(text: str, secret: str) -> Iterator[Asked]:
    for found in _NUMBER.finditer(text):
        asked = Asked(int(found["plan"]), int(found["request"]))
        if hmac.compare_digest(found["signature"].upper(), _signature(secret, asked)):
            yield asked


def _signature(secret: str, asked: Asked) -> str:
    about = f"reply/{asked.plan_id}/{asked.request_id}".encode()
    digest = hmac.new(secret.encode(), about, hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNED]).decode("ascii")
