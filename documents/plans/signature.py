"""The end of a document: who signed it and when, when it was printed, copies to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, islice, pairwise

from config.plan.numerals import whole_number
from documents.plans.mending import Mended
from documents.plans.outline import signed

_HAN_DAY = r"[二一][〇零○О0一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
_DAY = rf"(?:(?:19|20)\d\d年\d{{1,2}}月\d{{1,2}}日|{_HAN_DAY})"

_PRINTED = re.compile(rf"(?P<issuer>[一-龥“”（）、]{{2,60}}?)?(?P<day>{_DAY})印发")
_COPIES = re.compile(r"抄\s*[送报][：:]")

_ORGANISATION = re.compile(r"^[^\d、，]{2,45}(?:政府|委员会|办公室|办公厅|局|委|部|厅|领导小组|院)$")
_BEGINS_NAME = re.compile(
    r"中共|国家|[一-龥]{2,8}?(?:省|市|县|区|州)|(?!办公|员会)[一-龥]{2,12}?(?:部|总局|总署)(?!门|分)"
)

_ORGANISATIONS = re.compile(r"^[^\d，]{2,60}(?:政府|委员会|办公室|办公厅|局|委|部|厅|领导小组|院)$")
_TEXT_ENDS = re.compile(r"[。；！]|（[^（）]*(?:单位|牵头|负责|配合|参与|落实)[^（）]*）")

_FIRST_ENTRY = re.compile(r"一、|（一）|第一[章条]|1[.、](?!\d)")
_LAST_LINES = 12

_LAST_SIGNATURES = 20
"""Dates from the end of the document above which a signature is looked for."""

_LONGEST_SIGNER = 45
_MOST_NAMES = 8
"""Line ends in a signature beyond which broken names are not looked for."""

_TAIL_FROM = 0.5
"""Share of the text behind which 抄送 and the like are its end."""


def tail_of(mended: Mended) -> int:
    """Return where the text ends: at 抄送, or at the line of the print, in the second half of the document."""
    text, length = mended.text, len(mended.text)
    places = [found.start() for found in _COPIES.finditer(text, int(length * _TAIL_FROM))]
    for found in _PRINTED.finditer(text, int(length * _TAIL_FROM)):
        line, behind = _line_start(mended, found.start()), found.start() + _behind_text(found["issuer"] or "")
        places.append(max(line, behind))
    return min([*places, *_signature(mended)], default=length)


def _signature(mended: Mended) -> Iterator[int]:
    """Yield where the signature begins, when nothing but copies follows it."""
    last = len(mended.starts) - 1
    for index in range(last, max(-1, last - _LAST_LINES), -1):
        start = mended.starts[index]
        if index and signed(mended, start) and not _has_annex(mended, index):
            yield start - len(_words_before(mended.text, start))


def _has_annex(mended: Mended, index: int) -> bool:
    """Return whether a text with an outline follows the line: a notice is signed before the plan that it sends."""
    return any(_FIRST_ENTRY.match(mended.text, start) for start in mended.starts[index + 1 :])


def _words_before(text: str, offset: int) -> str:
    """Return what stands between the last full stop and `offset`, when it is as short as a signature."""
    words = re.split(r"[。；！？）]", text[max(0, offset - 3 * _LONGEST_SIGNER) : offset])[-1]
    return words if len(words) <= _LONGEST_SIGNER else ""


def _behind_text(words: str) -> int:
    """Return where a line of print begins in `words`: behind the last full stop or bracket on responsibility."""
    return max((found.end() for found in _TEXT_ENDS.finditer(words)), default=0)


def _line_start(mended: Mended, offset: int) -> int:
    return mended.starts[mended.index(offset)]


def day_of(text: str) -> date | None:
    """Return the date written in digits or Chinese numerals; None for an impossible one."""
    found = re.fullmatch(r"(.{4})年(.{1,3})月(.{1,3})日", text)
    if found is None:
        return None
    parts = [int(p) if p.isdecimal() else whole_number(re.sub("[○О0]", "〇", p)) for p in found.groups()]
    try:
        return date(*(part or 0 for part in parts))
    except ValueError:
        return None


def printed_in(tail: str) -> tuple[str, date | None]:
    """Return the issuer and the day of the line of print (…印发) in `tail`; empty and None without one."""
    found = _PRINTED.search(tail)
    if found is None:
        return "", None
    issuer = found["issuer"] or ""
    issuer = re.sub(r"^.*(?:[。；]|抄送)", "", issuer[_behind_text(issuer) :])
    return issuer, day_of(found["day"])


def signed_on_day(mended: Mended) -> date | None:
    """Return the last date that stands for itself at the beginning of a line, or at the very end."""
    found = None
    for start in mended.starts:
        if match := signed(mended, start):
            found = day_of(match[0]) or found
    if found is None and (end := re.search(rf"({_DAY})$", mended.text[-60:])):
        return day_of(end[1])
    return found


def signer_of(mended: Mended) -> str:
    """Return the organisations that stand before the last date of signature, or in the line above it."""
    dated = (n for n in range(len(mended.starts) - 1, 0, -1) if signed(mended, mended.starts[n]))
    for index in islice(dated, _LAST_SIGNATURES):
        start = mended.starts[index]
        line = mended.text[mended.starts[index - 1] : start]
        before = start - len(_words_before(mended.text, start))
        whole = _signers(mended, before, start)
        if signer := next((words for words in (whole, line) if _ORGANISATIONS.search(words)), ""):
            return signer
    return ""


def _signers(mended: Mended, start: int, end: int) -> str:
    """Return the names in a signature: separated by spaces, or in lines that each begin with a name."""
    places = [start + place for place in mended.breaks_between(start, end)]
    spaces = [place for place in places if mended.starts[mended.index(place)] != place]
    lines = [place for place in places if place in spaces or _BEGINS_NAME.match(mended.text, place)]
    for cuts in (lines, spaces, *_fewer(lines)):
        parts = [mended.text[a:b] for a, b in pairwise([start, *cuts, end]) if a < b]
        if len(parts) > 1 and all(_ORGANISATION.search(p) and not p.startswith("办公") for p in parts):
            return "、".join(parts)
    return re.sub(r"^.{2,6}[：:]", "", mended.text[start:end])


def _fewer(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield some of the places, many before few: a name may itself be broken over two lines."""
    if len(places) <= _MOST_NAMES:
        for count in range(len(places) - 1, 0, -1):
            yield from combinations(places, count)


def copies_in(tail: str) -> tuple[str, ...]:
    """Return to whom copies go by the words behind 抄送."""
    found = _COPIES.search(tail)
    if found is None:
        return ()
    words = tail[found.end() : found.end() + 1500]
    printed = _PRINTED.search(words)
    if printed:
        words = words[: printed.start("day")]
        words = words[: words.rfind("。") + 1] or words
    parts = re.split(r"[；;。]", words)
    if len([part for part in parts if part.strip()]) == 1:
        parts = re.split(r"[，,]", parts[0])
    return tuple(part.strip("，、 ") for part in parts if part.strip("，、 "))
