"""The two fingerprints of an assessment: of its scheme, and of everything it was calculated from.

Both are SHA-256 of UTF-8 JSON with sorted keys and no spaces, in which every number is decimal text in one
notation ("1.0" and 1 are "1") and what is absent stands as its default. Only the order that matters is
kept: components, items, trajectories and grades stay as listed, because the draws of the rank interval
follow the scheme's order; districts are sorted by code, and a district's due items, requests and adjustments
by their content. Figures leave out what is null or false, for size.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from supervision.scoring.case import Case, Scheme
from supervision.scoring.writing import as_input, scheme_as_input


def scheme_hash(scheme: Scheme) -> str:
    """Return the fingerprint of `scheme` with its defaults filled in: 64 hexadecimal digits."""
    return _sha256(scheme_as_input(scheme))


def input_digest(case: Case) -> str:
    """Return the fingerprint of the whole `case`, scheme included: 64 hexadecimal digits."""
    written = as_input(case)
    districts = sorted(written["districts"], key=lambda district: district["code"])
    return _sha256({**written, "districts": [_in_order(district) for district in districts]})


def _in_order(district: dict[str, Any]) -> dict[str, Any]:
    """Return a district with its rows sorted by their content; an empty reason is none."""
    adjustments = [{**each, "reason": each["reason"] or None} for each in district["adjustments"]]
    return {
        **district,
        "figures": district.get("figures", {}),
        "items_due": sorted(district["items_due"], key=lambda each: (each["due"], each["completed"] or "")),
        "requests": sorted(district["requests"], key=lambda each: (each["late"], each["returned"], each["missing"])),
        "adjustments": sorted(adjustments, key=lambda each: (each["points"], each["reason"] or "")),
    }


def _sha256(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
