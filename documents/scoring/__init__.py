"""The scoring workbook: a stored run of the assessment as a spreadsheet that recalculates itself."""

from documents.scoring.labels import IndicatorLabel, Labels, RulingLabel, labels_of
from documents.scoring.workbook import scoring_workbook

__all__ = ["IndicatorLabel", "Labels", "RulingLabel", "labels_of", "scoring_workbook"]
