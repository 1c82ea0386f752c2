"""What one look into the mailbox came to, as JSON and in the office's words."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.errors import DubanError
from config.terms import MailOutcome
from notifications.answering import Answered


@dataclass(frozen=True)
class FetchedReplies:
    """What came in, by outcome; what was passed over, because it is another plan's; how the answers went.

    `failures` has a line for each mail that could not be decided on: it stays in the mailbox and is tried again.
    """

    outcomes: dict[str, int] = field(default_factory=dict)
    passed: int = 0
    answered: Answered = field(default_factory=Answered)
    failures: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return what `duban mail fetch --json` prints."""
        counts = {outcome.value: self.outcomes.get(outcome.value, 0) for outcome in MailOutcome}
        return {**counts, "passed": self.passed, "answered": self.answered.sent, "unanswered": self.answered.failed}

    def in_words(self) -> str:
        """Return the same in one line."""
        counts = [f"{each.label} {self.outcomes[each.value]}" for each in MailOutcome if self.outcomes.get(each.value)]
        told = f"；答复发出 {self.answered.sent}，未发出 {self.answered.failed}" if self.answered != Answered() else ""
        return ("、".join(counts) or "没有新邮件") + told


class MailFailed(DubanError, RuntimeError):
    """Some mails could not be decided on; the others were. `fetched` holds what was done."""

    def __init__(self, fetched: FetchedReplies) -> None:
        super().__init__(f"{len(fetched.failures)} 封来信没有办成，仍留在收信邮箱：{'；'.join(fetched.failures)}")
        self.fetched = fetched
