"""Apportioning the city's targets to its districts: as the plan says, and as the office changes it. Pure."""

from supervision.apportion.changing import (
    Given,
    Overridden,
    Proposed,
    Resplit,
    Standing,
    Table,
    Wanted,
    propose,
)
from supervision.apportion.planned import (
    ADDITIVE_TYPES,
    DistrictTargetLine,
    Override,
    district_targets,
    family,
    refuse_shortfall,
)
from supervision.apportion.remainder import largest_remainder

__all__ = [
    "ADDITIVE_TYPES",
    "DistrictTargetLine",
    "Given",
    "Overridden",
    "Override",
    "Proposed",
    "Resplit",
    "Standing",
    "Table",
    "Wanted",
    "district_targets",
    "family",
    "largest_remainder",
    "propose",
    "refuse_shortfall",
]
