"""The districts' targets: as the plan apportions them, as the office changes them, and what the districts say."""

from supervision.ledger.targets.answering import confirm_targets, object_to_target, uphold_target
from supervision.ledger.targets.planned import put_targets
from supervision.ledger.targets.setting import change_targets, preview
from supervision.ledger.targets.telling import tell_pending

__all__ = [
    "change_targets",
    "confirm_targets",
    "object_to_target",
    "preview",
    "put_targets",
    "tell_pending",
    "uphold_target",
]
