"""Why a form that came back is not taken, each reason with its own sentence and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from config.errors import BadInput

SHOWN = 10
"""Changes that the one line of a refusal lists."""


class WrongForm(BadInput):
    """A form of another plan, unit, period or kind."""


class OutdatedForm(BadInput):
    """A form made before its definition changed: its numbers may mean something else now."""


class TamperedForm(BadInput):
    """A form in which something was changed that is not for the unit to change; `changes` has each, one line."""

    def __init__(self, name: str, changes: Sequence[str], remedy: str) -> None:
        self.changes = tuple(changes)
        listed = "；".join(self.changes[:SHOWN])
        more = f"；另有 {len(self.changes) - SHOWN} 处" if len(self.changes) > SHOWN else ""
        super().__init__(f"{name} 的模板被改动过，有 {len(self.changes)} 处：{listed}{more}。{remedy}")
