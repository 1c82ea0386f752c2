"""The areas of the API, in the order of its description."""

from __future__ import annotations

from web.api import assessments, evidence, items, matters, messages, papers, people, plan, reports, shares, targets

_MODULES = (
    plan, items, shares, evidence, matters, reports, targets, papers, assessments, messages, people,
)  # fmt: skip

AREAS = tuple(module.endpoints for module in _MODULES)
"""Every area of the API; its application takes them all."""
