"""The one small tree of errors. Each is also a builtin, and each message says what to do."""

from __future__ import annotations


class DubanError(Exception):
    """Anything that duban reports in one line instead of a traceback."""

    exit_code = 1


class BadInput(DubanError, ValueError):
    """What was given cannot be used: a file, an option, a name. Exit code 2."""

    exit_code = 2


class PlanError(BadInput):
    """A plan folder contradicts itself or cannot be read."""


class UnknownName(BadInput, LookupError):
    """A unit, person, item, form or period that this plan does not have."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class CalendarNotPublished(BadInput, LookupError):
    """The arrangement of working days of a year has not been published or loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year

    def __str__(self) -> str:
        return (
            f"{self.year} 年的节假日安排尚未发布，不能推算工作日；"
            f"发布后请用 duban calendar load {self.year}.json 载入（国务院办公厅通知，holiday-cn 格式）"
        )


class Refused(DubanError, PermissionError):
    """A rule of supervision forbids the act. Exit code 3, HTTP 409."""

    exit_code = 3

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class Conflict(Refused):
    """Somebody else acted first; nothing was changed."""


class StoreError(DubanError, OSError):
    """The database cannot be used: absent, read-only, locked, damaged or from a newer version."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotWritten(DubanError, OSError):
    """A file cannot be written because the machine failed: a full disk, a broken one."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class NotFetched(DubanError, ConnectionError):
    """The mailbox to which units answer cannot be read."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class EngineError(DubanError, ConnectionError):
    """The flow engine cannot be started or reached."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class FontsMissing(DubanError, LookupError):
    """There is no Chinese font on this machine, so that no page can be set."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""
