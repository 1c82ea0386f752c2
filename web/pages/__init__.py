"""The pages, one module per area."""

from __future__ import annotations

from web.pages import account, board, home, items, ledger, probes, reports, sign_in, system, work

AREAS = tuple(module.pages for module in (probes, sign_in, account, home, board, ledger, items, work, reports, system))
"""Every area of the portal; the application takes them all."""
