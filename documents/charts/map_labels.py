"""Where a label stands on a map: on its own land, beside all land with a line to it, or a little over its border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy
import shapely
from shapely import MultiPolygon, Point, Polygon

AIR = 1.5
"""Millimetres that are left free round what stands beside the land."""

_TRIES = 28
"""Places across and down at which a label is tried."""

_REACH = 14.0
"""Millimetres that a label beside the land may be away from the place that it is about."""

_SPILL = 0.12
"""Part of a label's box that may lie over the border: its corners, in which no letter stands."""

Land = Mapping[str, MultiPolygon]
Size = tuple[float, float]
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres of the drawing, y downwards."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, bounds: Sequence[float]) -> Box:
        """Return the rectangle of those bounds: left, top, right, bottom."""
        left, top, right, bottom = map(float, bounds)
        return cls(left, top, right - left, bottom - top)

    @property
    def area(self) -> Polygon:
        """Return it as a polygon."""
        return shapely.box(self.left, self.top, self.left + self.width, self.top + self.height)

    @property
    def middle(self) -> Place:
        """Return its middle."""
        return self.left + self.width / 2, self.top + self.height / 2

    def holds(self, place: Place) -> bool:
        """Return whether the place lies in it."""
        return bool(shapely.contains_xy(self.area, *place))

    def wider(self, by: float) -> Box:
        """Return it with a rim of that width around it."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    def away(self, other: Box) -> float:
        """Return how far `other` is from it."""
        return float(shapely.distance(self.area, other.area))

    def down_to(self, other: Box) -> Box:
        """Return it as high as it has to be to hold `other` with some air below it."""
        return Box(self.left, self.top, self.width, max(self.height, other.top + other.height + AIR - self.top))


def guides(part: Box, whole: Box) -> list[tuple[Place, Place]]:
    """Return the two lines that lead from the corners of a part to those of the box that shows it enlarged."""
    corners = shapely.convex_hull(shapely.union(part.area, whole.area)).exterior.coords
    own = set(part.area.exterior.coords)
    return [(start, end) for start, end in pairwise(corners) if (start in own) != (end in own)]


@dataclass(frozen=True, slots=True)
class Label:
    """The room of a label; `to` is the place that a line leads to when it stands beside its land."""

    box: Box
    to: Place | None = None


def labelled(land: Land, sizes: Mapping[str, Size], sheet: Box, taken: Sequence[Polygon]) -> dict[str, Label]:
    """Return the labels that have room on their own land or beside it within `sheet`, the largest land first.

    They keep off what is `taken` and off each other.
    """
    found: dict[str, Label] = {}
    for code in sorted(sizes, key=lambda code: (-land[code].area, code)):
        crowd = shapely.union_all([*taken, *(label.box.area for label in found.values())])
        label = _on(land[code], sizes[code], crowd) or _off(land, code, sizes[code], crowd, sheet)
        if label is not None:
            found[code] = label
    return found


def crammed(land: Land, sizes: Mapping[str, Size]) -> dict[str, Label]:
    """Return the labels that have room on their own land or only a little over its border, the smallest land first."""
    found: dict[str, Label] = {}
    for code in sorted(sizes, key=lambda code: (land[code].area, code)):
        crowd = shapely.union_all([label.box.area for label in found.values()])
        label = _on(land[code], sizes[code], crowd) or _over(land[code], sizes[code], crowd)
        if label is not None:
            found[code] = label
    return found


def inside(land: MultiPolygon) -> Place:
    """Return the place that is farthest from the border."""
    middle = Point(shapely.maximum_inscribed_circle(land, tolerance=0.1).coords[0])
    return middle.x, middle.y


def _on(land: MultiPolygon, size: Size, taken: shapely.Geometry) -> Label | None:
    """Return the label where it is on the land, as far from its border as can be; None where it has no room."""
    boxes = _tries(Box.of(land.bounds), size)
    shapely.prepare(land)
    boxes = boxes[shapely.contains(land, boxes)]
    boxes = boxes[~shapely.intersects(taken, boxes)]
    return Label(_first(boxes, -shapely.distance(land.boundary, boxes))) if boxes.size else None


def _off(land: Land, code: str, size: Size, taken: shapely.Geometry, sheet: Box) -> Label | None:
    """Return the label beside all land, with a short line that crosses nothing else; None where it has no room."""
    to = inside(land[code])
    others = shapely.coverage_union_all([each for other, each in land.items() if other != code])
    crowd = shapely.union_all([others, land[code], taken])
    shapely.prepare(crowd)
    boxes = _tries(Box(*to, 0, 0).wider(_REACH), size)
    boxes = boxes[shapely.contains(sheet.area, boxes) & ~shapely.dwithin(crowd, boxes, AIR / 2)]
    lines = shapely.shortest_line(Point(to), boxes)
    clear = ~shapely.intersects(shapely.union(others, taken), lines)
    boxes, lines = boxes[clear], lines[clear]
    return Label(_first(boxes, shapely.length(lines)), to) if boxes.size else None


def _over(land: MultiPolygon, size: Size, taken: shapely.Geometry) -> Label | None:
    """Return the label where least of it lies over the border; None where that is too much."""
    boxes = _tries(Box.of(land.bounds), size)
    boxes = boxes[shapely.contains(land, shapely.centroid(boxes)) & ~shapely.intersects(taken, boxes)]
    over = 1 - shapely.area(shapely.intersection(land, boxes)) / (size[0] * size[1])
    return Label(_first(boxes, over)) if boxes.size and over.min() <= _SPILL else None


def _tries(around: Box, size: Size) -> Any:
    """Return boxes of that size with their middles all over `around`."""
    across = numpy.linspace(around.left, around.left + around.width, _TRIES)
    down = numpy.linspace(around.top, around.top + around.height, _TRIES)
    x, y = (found.ravel() for found in numpy.meshgrid(across, down))
    return shapely.box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)


def _first(boxes: Any, costs: Any) -> Box:
    return Box.of(boxes[int(costs.argmin())].bounds)
