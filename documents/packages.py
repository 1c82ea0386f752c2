"""What an .xlsx is before anybody looks into a cell: a package of XML parts, opened without trusting it."""

from __future__ import annotations

import gc
import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

from config.errors import BadInput

MAX_UNPACKED = 256 * 1024 * 1024
"""Size of everything in the package together, unpacked. A form of 100,000 rows takes 120 MB."""

MAX_PARTS = 1000
"""Files in the package."""

_ENCRYPTED = 0x1
_CONTENT_TYPES = "[Content_Types].xml"
_CHUNK = 1 << 18

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Text = Callable[[str], object]


class Damaged(Exception):
    """A package, or a part of it, that is not what it should be; the text says how, for the line to the user."""


BROKEN: tuple[type[Exception], ...] = (
    Damaged, expat.ExpatError, ParseError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, LookupError,
    NotImplementedError,
)  # fmt: skip
"""What reading a package raises when it is broken, in whichever of its layers."""


@dataclass(frozen=True)
class Package:
    """A checked package. The parts are read one after the other, each as a stream."""

    archive: zipfile.ZipFile

    def open(self, part: str) -> IO[bytes]:
        """Return the content of a part. Raises Damaged when there is no such part."""
        try:
            return self.archive.open(part)
        except KeyError:
            raise Damaged(f"缺少 {posixpath.basename(part)}") from None

    def has(self, part: str) -> bool:
        """Return whether there is such a part."""
        return part in self.archive.NameToInfo

    def related(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Return by relation id what `part` refers to inside the package: kind of part and path."""
        folder, file = posixpath.split(part)
        rels = f"{folder}/_rels/{file}.rels".lstrip("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, of: dict[str, str]) -> None:
            if tag == "Relationship" and of.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, of.get("Target", ""))).lstrip("/")
                found[of.get("Id", "")] = posixpath.basename(of.get("Type", "")), path

        if self.has(rels):
            with self.open(rels) as stream:
                walk(stream, start)
        return found


def open_package(content: bytes, name: str) -> Package:
    """Return the package; `name` is what a complaint calls the file.

    Raises BadInput in one line when it is damaged, encrypted, unpacks to too much, is no workbook or has macros.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, EOFError, ValueError, OSError, NotImplementedError) as error:
        raise BadInput(f"{name} 不完整或已损坏，请重新保存后再报（{type(error).__name__}）") from None
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise BadInput(f"{name} 已加密，请去掉密码后再报")
    # What a part unpacks to is never more than the size it declares: reading stops there.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadInput(f"{name} 展开后过大（上限 {MAX_UNPACKED // 1024 // 1024} MB），不是报送表，请核对")
    names = {part.filename for part in parts}
    packed = {part.compress_type for part in parts}
    if _CONTENT_TYPES not in names or not packed <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BadInput(f"{name} 不是 .xlsx 工作簿，请用表格软件另存为 .xlsx")
    if any(posixpath.basename(part).lower() == "vbaproject.bin" for part in names):
        raise BadInput(f"{name} 含有宏，不能报送，请另存为不含宏的 .xlsx")
    return Package(archive)


def walk(stream: IO[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Call `start`, `end` and `text` for what an XML stream holds, tags without their prefix.

    The stream is read in pieces and never kept. No part of a workbook has a document type, and entities are what
    hostile XML is made of: one that has is refused. Raises Damaged for it, and one of BROKEN for what is not
    well-formed.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda tag, of: start(tag.rpartition(":")[2], of)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    while piece := stream.read(_CHUNK):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def grown(stream: IO[bytes]) -> Iterator[tuple[Element, int]]:
    """Yield the root of an XML stream each time that it has grown by a piece, with the bytes of the piece.

    Whoever takes out what is complete keeps the tree small, and refuses one that grows all the same. Raises Damaged
    for a document type as `walk` does, and one of BROKEN for what is not well-formed.
    """
    builder = TreeBuilder()
    above = builder.start("above", {})
    parser = XMLParser(target=builder)  # noqa: S314 - a stream with a document type, and so with entities, is refused
    piece = stream.read(_CHUNK)
    _refuse_document_type(piece)
    while piece:
        parser.feed(piece)
        yield above[0], len(piece)
        piece = stream.read(_CHUNK)
    parser.close()


class _Begun(Exception):
    """The first tag has been reached."""


def _begin(*_: object) -> None:
    raise _Begun


def _refuse_document_type(beginning: bytes) -> None:
    """Raise Damaged when anything but the first tag stands at the beginning of a part."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = _begin
    try:
        parser.Parse(beginning, False)
    except _Begun:
        return
    raise Damaged("没有内容")


def _refuse(*_: object) -> None:
    raise Damaged("含有 DOCTYPE")


@contextmanager
def not_collecting() -> Iterator[None]:
    """Let nothing be collected meanwhile: a third of the time of reading goes into looking at what is being kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
