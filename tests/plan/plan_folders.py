"""Plan folders to load and to break."""

from __future__ import annotations

from pathlib import Path

ANOTHER_CITY = Path(__file__).parent / "another-city"


def change(file: Path, old: str, new: str) -> int:
    """Replace the only occurrence of `old` in `file`; return the line on which the replacement begins."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
