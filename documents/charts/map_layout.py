"""Where things stand on a map: the land at its scale, an inset for what is too small, and the legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy
import shapely
from shapely import MultiPolygon, Polygon

from documents.charts.map_labels import AIR, Box, Label, Land, Place, Size, crammed, guides, inside, labelled

_MARGIN = 2.0
"""Millimetres round the land."""

_TALLEST = 118.0
"""Millimetres that the land may be high, so that the map fits on a page with what is said about it."""

_DETAIL = 0.55
"""Millimetres below which a turn of a border is not drawn on the map; an inset shows it as it comes."""

_INSET = 60.0
"""Millimetres of the longer side of an inset."""

_WORTH = 1.25
"""An inset that enlarges less than this shows nothing that the map does not."""


@dataclass(frozen=True, slots=True)
class Inset:
    """A part of the map, enlarged: `of` on the map is shown in `box`, with its labels there."""

    of: Box
    box: Box
    land: Land
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class Layout:
    """A map laid out: millimetres, y downwards. `scale` is in millimetres a kilometre.

    `keyed` are places on land that has no room for a label anywhere: a number stands there, the label in the legend.
    """

    height: float
    scale: float
    land: Land
    labels: Mapping[str, Label]
    keyed: Mapping[str, Place]
    legend: Box
    inset: Inset | None


def lay_out(land: Land, sizes: Mapping[str, Size], *, width: float, legend: Size) -> Layout:
    """Lay out `land` (kilometres, y upwards) with labels of those sizes (millimetres) on a drawing of that width.

    `legend` is the size of the legend. Inset and legend stand at the sides where the land leaves room for them, else
    below it.
    """
    fine, scale = _fitted(land, Box(_MARGIN, _MARGIN, width - 2 * _MARGIN, _TALLEST))
    shown = dict(zip(fine, map(_many, shapely.coverage_simplify(list(fine.values()), _DETAIL)), strict=True))
    sheet = Box(0, 0, width, max(each.bounds[3] for each in shown.values()) + _MARGIN)
    labels, of = _written(shown, sizes, sheet)
    small = {code: size for code, size in sizes.items() if code not in labels}
    near = {code: size for code, size in small.items() if of is not None and of.holds(inside(shown[code]))}
    taken = [*shown.values(), *(label.box.area for label in labels.values())]
    inset = None
    if of is not None:
        factor = _INSET / max(of.width, of.height)
        box = _beside(taken, sheet, (of.width * factor, of.height * factor), near=of)
        inset = _enlarged(fine, of, box, near)
        labels = _off_the_way(shown, sizes, labels, sheet, inset)
        taken = [*shown.values(), *(label.box.area for label in labels.values()), box.area]
        sheet = sheet.down_to(box)
    place = _beside(taken, sheet, legend)
    keyed = {
        code: inside(inset.land[code] if inset and code in near else shown[code])
        for code in small
        if inset is None or code not in inset.labels
    }
    return Layout(sheet.down_to(place).height, scale, shown, labels, keyed, place, inset)


def _fitted(land: Land, box: Box) -> tuple[Land, float]:
    """Return the land as large as `box` allows, at its top and in its middle, and the millimetres of a kilometre."""
    west, south, east, north = shapely.total_bounds(list(land.values()))
    scale = float(min(box.width / (east - west), box.height / (north - south)))
    left = box.left + (box.width - scale * (east - west)) / 2
    factors, shift = numpy.array((scale, -scale)), numpy.array((left - scale * west, box.top + scale * north))
    return {code: shapely.transform(each, lambda at: at * factors + shift) for code, each in land.items()}, scale


def _written(land: Land, sizes: Mapping[str, Size], sheet: Box) -> tuple[Mapping[str, Label], Box | None]:
    """Return the labels that have room on the map or beside it, and the part of the map that an inset enlarges.

    The frame of that part takes room itself: what it crowds out goes into the inset too, until all have their place
    or the inset would have to be of too large a part.
    """
    small: set[str] = set()
    of = None
    while True:
        wanted = {code: size for code, size in sizes.items() if code not in small}
        found = labelled(land, wanted, sheet, [of.area] if of else [])
        crowded = wanted.keys() - found.keys()
        if not crowded:
            return found, of
        small |= crowded
        of = _frame([land[code] for code in sorted(small)])


def _frame(small: Sequence[MultiPolygon]) -> Box | None:
    """Return the frame of what an inset can enlarge: all of it, or without what lies farthest off, so that it gains.

    None when nothing is left.
    """
    kept = list(small)
    while kept:
        of = Box.of(shapely.total_bounds(kept)).wider(AIR / 2)
        if max(of.width, of.height) * _WORTH <= _INSET:
            return of
        middle = shapely.Point(numpy.median([each.centroid.coords[0] for each in kept], axis=0))
        kept.remove(max(kept, key=middle.distance))
    return None


def _enlarged(land: Land, of: Box, box: Box, sizes: Mapping[str, Size]) -> Inset:
    factor = box.width / of.width
    shift = numpy.array((box.left - of.left * factor, box.top - of.top * factor))
    parts = {code: shapely.clip_by_rect(each, *of.area.bounds) for code, each in land.items()}
    seen = {
        code: _many(shapely.transform(part, lambda at: at * factor + shift))
        for code, part in parts.items()
        if not part.is_empty
    }
    return Inset(of, box, seen, crammed(seen, sizes))


def _off_the_way(
    land: Land, sizes: Mapping[str, Size], labels: Mapping[str, Label], sheet: Box, inset: Inset
) -> Mapping[str, Label]:
    """Return the labels off the lines that lead to the inset, too, if all of them find such a place."""
    lines = [shapely.LineString(line).buffer(AIR / 3) for line in guides(inset.of, inset.box)]
    moved = labelled(land, {code: sizes[code] for code in labels}, sheet, [inset.of.area, inset.box.area, *lines])
    return moved if len(moved) == len(labels) else labels


def _many(found: shapely.Geometry) -> MultiPolygon:
    return MultiPolygon([each for each in shapely.get_parts(found) if isinstance(each, Polygon)])


def _beside(taken: Sequence[shapely.Geometry], sheet: Box, size: Size, near: Box | None = None) -> Box:
    """Return where at the left or the right a block of that size stands free of what is taken: where the drawing grows
    least, then nearest to `near`, then as far up as it can.
    """
    crowd = shapely.union_all(taken)
    shapely.prepare(crowd)
    sides = (sheet.left + AIR, sheet.left + sheet.width - size[0] - AIR)
    tops = range(int(AIR) + 1, int(sheet.height + AIR) + 2)
    boxes = [Box(left, top, *size) for top in tops for left in sides]
    free = [box for box in boxes if not shapely.dwithin(crowd, box.area, AIR)]
    return min(free, key=lambda box: (sheet.down_to(box).height, near.away(box) if near else 0, box.top, box.left))
