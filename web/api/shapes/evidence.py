"""Evidence of items and reporting requests."""

from __future__ import annotations

import datetime as dt

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from web.api.shapes.base import Shape

_ONE: JsonDict = {
    "id": 7, "file_name": "培育库名单.xlsx", "size": 18324,
    "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "by": "李明",
    "at": "2022-07-04T09:30:00+08:00",
}  # fmt: skip


class EvidenceShape(Shape):
    """One piece of evidence."""

    id: int
    file_name: str
    media_type: str
    size: int = Field(description="字节数")
    sha256: str = Field(description="内容的校验值")
    by: str = Field(description="上传人")
    at: dt.datetime


class EvidenceList(Shape):
    """Pieces of evidence, oldest first; after an upload those that came with it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"evidence": [_ONE]}]})

    evidence: list[EvidenceShape]
