"""The calculator: a case in, its explained result out. No database, no clock.

`loads_case` or `read_case`, then `assess`, then `Result.as_json`; the exact arithmetic is in docs/scoring.md.
"""

from supervision.scoring.assessing import assess
from supervision.scoring.case import Case
from supervision.scoring.reading import loads_case, read_case
from supervision.scoring.result import Result

__all__ = ["Case", "Result", "assess", "loads_case", "read_case"]
