"""Collecting figures: opening requests, filing, confirming or returning, and closing the windows."""

from __future__ import annotations

from supervision.ledger.reporting.closing import Closed, close_windows
from supervision.ledger.reporting.deciding import REWORK_WORKING_DAYS, Decided, confirm, return_submission
from supervision.ledger.reporting.opening import Opened, open_requests
from supervision.ledger.reporting.submitting import ReportedSheet, Submitted, submit

__all__ = [
    "REWORK_WORKING_DAYS",
    "Closed",
    "Decided",
    "Opened",
    "ReportedSheet",
    "Submitted",
    "close_windows",
    "confirm",
    "open_requests",
    "return_submission",
    "submit",
]
