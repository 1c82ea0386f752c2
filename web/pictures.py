"""Charts as SVG for pages: drawn once for what they show, and kept for as long as the process lives."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response

from documents.charts.chart import Chart
from documents.fonts import Face, sans
from web.printing import FONTS
from web.visit import Visit

SVG = "image/svg+xml"
_KEPT: dict[str, bytes] = {}
_KEPT_AT_MOST = 200


def picture(visit: Visit, chart: Chart) -> Response:
    """Return the chart as SVG. Raises FontsMissing where the server has no Chinese font."""
    return Response(drawn(visit, chart), media_type=SVG, headers={"Cache-Control": "private, max-age=60"})


def drawn(visit: Visit, chart: Chart) -> bytes:
    """Return the drawing. What a chart says in words and in its table decides how it looks."""
    from documents.charts.canvas import svg  # a second that no other page needs

    told = "\n".join((chart.code, chart.title, chart.alternative, chart.note, repr(chart.grid), str(chart.simulated)))
    key = hashlib.sha256(told.encode()).hexdigest()
    if key not in _KEPT:
        if len(_KEPT) >= _KEPT_AT_MOST:
            _KEPT.clear()
        _KEPT[key] = svg(chart, _face(visit.portal.settings.home))
    return _KEPT[key]


@lru_cache(maxsize=4)
def _face(home: Path) -> Face:
    return sans([home / FONTS])
