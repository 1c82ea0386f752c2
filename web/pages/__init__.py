"""The pages, one module per area."""

from __future__ import annotations

from web.pages import account, board, home, items, ledger, probes, sign_in, system

AREAS = (probes.pages, sign_in.pages, account.pages, home.pages, board.pages, ledger.pages, items.pages, system.pages)
"""Every area of the portal; the application takes them all."""
