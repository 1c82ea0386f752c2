"""The marks in a draft folder of what a person must settle."""

from __future__ import annotations

from typing import Any

TO_FILL_IN = "待填写"
PENDING = "office ruling：待核定"
CUSTOMARY = "默认值：照随附计划的做法，请核定"

Data = dict[str, Any]
