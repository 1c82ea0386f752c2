"""Who may enter which route. A route without a rule keeps the portal from starting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.routing import BaseRoute, Mount, Route

from config.terms import Role
from supervision.queries.people import Actor


@dataclass(frozen=True)
class Rule:
    """Whoever holds one of `roles`, for whatever unit; None: whoever is signed in. What is seen of a unit's own
    things is asked where they are read."""

    name: str
    roles: frozenset[Role] | None = None
    public: bool = False

    def admits(self, actor: Actor) -> bool:
        """Return whether somebody who is signed in may enter."""
        return self.roles is None or any(actor.holds(role) for role in self.roles)


PUBLIC = Rule("不必登录", public=True)
SIGNED_IN = Rule("登录用户")
"""The own account and the help: what somebody keeps who has no post, and stands in for nobody."""
EVERYBODY = Rule("任职人员", frozenset(Role))
OFFICE = Rule("领导小组办公室", frozenset({Role.OFFICE}))
DECIDERS = Rule("办公室和领导", frozenset({Role.OFFICE, Role.LEADER}))
OVERSIGHT = Rule("办公室、领导和审计", frozenset({Role.OFFICE, Role.LEADER, Role.AUDITOR}))
UNITS = Rule("成员单位和区、县（市）", frozenset({Role.LIAISON, Role.UNIT_HEAD}))
MANAGERS = Rule("办公室和系统管理员", frozenset({Role.OFFICE, Role.ADMINISTRATOR}))
OVERSEERS = Rule(
    "办公室、领导、审计和系统管理员", frozenset({Role.OFFICE, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR})
)
ADMINISTRATORS = Rule("系统管理员", frozenset({Role.ADMINISTRATOR}))
WORKERS = Rule("办公室、成员单位和区、县（市）", OFFICE.roles | UNITS.roles if OFFICE.roles and UNITS.roles else None)

_ATTRIBUTE = "duban_rule"


def under(rule: Rule, endpoint: Callable[..., Any]) -> None:
    """Put an endpoint under a rule."""
    setattr(endpoint, _ATTRIBUTE, rule)


def rule_of(endpoint: object) -> Rule | None:
    """Return the rule of an endpoint; None when none was declared."""
    found = getattr(endpoint, _ATTRIBUTE, None)
    return found if isinstance(found, Rule) else None


def declared(routes: Iterable[BaseRoute], under_path: str = "") -> Iterable[tuple[str, str, Rule | None]]:
    """Give every route as (methods, path, rule), those of mounted applications too; files are public."""
    for route in routes:
        if isinstance(route, Mount):
            inner = route.routes
            if inner:
                yield from declared(inner, under_path + route.path)
            else:
                yield "GET", under_path + route.path, PUBLIC if route.name == "static" else None
        elif isinstance(route, Route):
            methods = ",".join(sorted((route.methods or set()) - {"HEAD"}))
            yield methods, under_path + route.path, rule_of(route.endpoint)


def refuse_undeclared(routes: Iterable[BaseRoute]) -> None:
    """Raise LookupError naming the routes that nobody has put under a rule."""
    naked = [f"{methods} {path}" for methods, path, rule in declared(routes) if rule is None]
    if naked:
        raise LookupError(f"routes without a rule: {', '.join(naked)}")
