"""The plan in force."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from web.api.shapes.base import Shape


class PlanShape(Shape):
    """The plan in the shape of `duban plan show --json`: exact numbers as strings, dates ISO, names as in the plan."""

    model_config = ConfigDict(extra="allow")

    plan: dict[str, Any]
    goals: list[dict[str, Any]]
    indicators: list[dict[str, Any]]
    key_tasks: list[dict[str, Any]]
    units: list[dict[str, Any]]
    rulings: list[dict[str, Any]]
