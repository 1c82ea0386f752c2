"""The rules of statistics: composite indices, vintages, growth and alerts, releases, sample surveys. Pure.

Whatever is computed here is the office's own and printed as 内部测算; official figures are only taken in.
"""

OWN = "内部测算"
"""The label of everything that was computed here and not published by anybody."""

POINTS = "点"
"""The unit of measure of an index."""
