"""The pages, one module per area."""

from __future__ import annotations

from web.pages import (
    account,
    assessments,
    board,
    calendar_feed,
    calendar_years,
    delegation,
    help,
    home,
    imports,
    inbox,
    items,
    leaving,
    ledger,
    maps,
    matters,
    merging,
    notices,
    overview,
    papers,
    people,
    plan,
    probes,
    record,
    reports,
    search,
    sign_in,
    system,
    targets,
    work,
)

_MODULES = (
    probes, sign_in, account, home, work, record, board, overview, ledger, matters, items, merging, reports, targets,
    maps, papers, assessments, inbox, notices, calendar_feed, imports, search, help, people, leaving, delegation,
    plan, calendar_years, system,
)  # fmt: skip

AREAS = tuple(module.pages for module in _MODULES)
"""Every area of the portal; the application takes them all."""
