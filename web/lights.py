"""The lights as the plan calls and colours them."""

from __future__ import annotations

from collections.abc import Mapping

from supervision.deadlines import Light
from supervision.in_force import InForce


def light_names(force: InForce) -> Mapping[Light, tuple[str, str]]:
    """Return name and colour of each light of an item."""
    known = {light.value for light in Light}
    named = [light for light in force.plan.ladder.lights if light.scale == "item" and light.code in known]
    return {Light(light.code): (light.name, light.colour) for light in named}
