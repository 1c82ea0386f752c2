"""Which flows there are and where they are written; nothing is imported until one is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from config.errors import UnknownName


@dataclass(frozen=True)
class Known:
    """One flow: its name, the module that holds it, and the parameters it takes beside `plan`."""

    name: str
    module: str
    parameters: frozenset[str]

    def load(self) -> Any:
        """Return the flow itself. Imports the engine's library."""
        return getattr(import_module(self.module), self.name)


_AS_OF = frozenset({"as_of"})

FLOWS: tuple[Known, ...] = (
    Known("supervise_plan", "flows.supervise", _AS_OF),
    Known("supervise_key_task", "flows.supervise", _AS_OF | {"number"}),
    Known("supervise_safeguards", "flows.supervise", _AS_OF),
    Known("collect_figures", "flows.collect", _AS_OF),
    Known("escalate_overdue", "flows.escalate", _AS_OF),
    Known("deliver_notices", "flows.deliver", frozenset({"at"})),
    Known("fetch_mail", "flows.replies", frozenset({"at"})),
    Known("assess_districts", "flows.assess", _AS_OF | {"quarter"}),
    Known("audit_supervision", "flows.audit", _AS_OF),
    Known("make_up_missed", "flows.make_up", frozenset()),
)

_SHORT: Mapping[str, str] = {
    "supervise": "supervise_plan",
    "collect": "collect_figures",
    "escalate": "escalate_overdue",
    "deliver": "deliver_notices",
    "fetch": "fetch_mail",
    "assess": "assess_districts",
    "audit": "audit_supervision",
    "make_up": "make_up_missed",
}


def known_flow(name: str) -> Known:
    """Return the flow of that name, written with dashes or underscores, or of its verb alone. Raises UnknownName."""
    wanted = name.strip().replace("-", "_")
    wanted = _SHORT.get(wanted, wanted)
    for flow in FLOWS:
        if flow.name == wanted:
            return flow
    raise UnknownName(f"没有流程“{name}”，可用：{'、'.join(flow.name for flow in FLOWS)}")
