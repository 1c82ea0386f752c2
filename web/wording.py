"""Lines of the rules as a page says them: without the hints for who types commands."""

from __future__ import annotations

import re

from config.errors import BadInput, DubanError, Refused

_HINTS = (
    (re.compile(r"（(?:见 |如 )?duban [^）]*）"), ""),
    (re.compile(r"，如 duban [^；。，]*"), ""),
    (re.compile(r"（--[\w-]+，如([^）]*)）"), r"（如\1）"),
    (re.compile(r"（--[^）]*）"), ""),
    (re.compile(r"[；，。]?\s*请核对 --[\w-]+"), ""),
    (re.compile(r"，?请用 --[\w-]+ 写明"), "，请写明"),
    (
        re.compile(r"[；，]?\s*(?:请先?|请直接)?(?:运行|用) duban [^；。，]*?(查看|更正|重新考核|即可)?(?=[；。，]|$)"),
        "",
    ),
)
"""What is said to who types commands, and what a page says in its place."""


def for_page(line: str) -> str:
    """Return a line of the rules without options and commands of the command line."""
    for pattern, instead in _HINTS:
        line = pattern.sub(instead, line)
    return line


def told(error: DubanError) -> str:
    """Return what is said of a refusal.

    A rule's line is for whoever asked. What is wrong with the machine is for the administrator, to whom it is passed
    on with its command.
    """
    if isinstance(error, (BadInput, Refused)):
        return for_page(str(error))
    return f"{error}。请稍后再试，仍不行的请把这句话告知系统管理员"
