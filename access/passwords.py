"""Passwords: what is accepted, how they are kept, and how long wrong ones shut the door.

Source: GB/T 22239-2019 8.1.4.1 (身份鉴别) asks for complexity and for measures against failed sign-ins; the figures
are ours.
"""

from __future__ import annotations

import secrets
import string
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config.errors import BadInput

SHORTEST, LONGEST = 10, 128
KINDS_ASKED = 3
"""Of small letters, capitals, digits and everything else."""

FREE_FAILURES = 4
"""So many wrong passwords cost nothing but the answer."""
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=1)

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())
"""Verified where there is no account, so that an unknown login takes as long as a wrong password."""

_SYLLABLES = [c + v for c in "bdfghjkmnprstwxz" for v in "aeiu"]


def check(password: str, *, login: str) -> None:
    """Raise BadInput, in words, for a password that is too short, too long, too plain or holds the login."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"口令应为 {SHORTEST} 至 {LONGEST} 个字符")
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
    held = sum(any(c in kind for c in password) for kind in kinds)
    held += any(all(c not in kind for kind in kinds) for c in password)
    if held < KINDS_ASKED:
        raise BadInput("口令应含小写字母、大写字母、数字、其他符号中的至少三类")
    if len(set(password)) < SHORTEST // 2:
        raise BadInput("口令重复字符过多，请换一个")
    if len(login) > 2 and login.lower() in password.lower():
        raise BadInput("口令不能包含登录名")


def hashed(password: str) -> str:
    """Return the Argon2id hash, with a salt of its own."""
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Return whether `password` is the one behind the hash `kept`; takes the same time when there is none."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def made_up() -> str:
    """Return a fresh password that can be read over the telephone: about 58 bits."""
    word = "".join(secrets.choice(_SYLLABLES) for _ in range(3)).capitalize()
    other = "".join(secrets.choice(_SYLLABLES) for _ in range(4))
    return f"{word}-{other}-{secrets.randbelow(90000) + 10000}"


def delay(failures: int) -> timedelta:
    """Return how long the door stays shut after so many wrong passwords in a row: it doubles up to an hour."""
    if failures <= FREE_FAILURES:
        return timedelta()
    doubled: int = 2 ** min(failures - FREE_FAILURES - 1, 16)
    return min(FIRST_DELAY * doubled, LONGEST_DELAY)
