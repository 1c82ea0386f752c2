"""Reading a .pdf: the lines of its text, page after page."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw

from config.errors import BadInput
from documents.plans.characters import LINE_ENDS
from documents.plans.mending import Line
from documents.plans.source import MAX_CHARACTERS, Source, too_much_text

MAX_PAGES = 2000


def read_portable(content: bytes, name: str) -> Source:
    """Return the lines of a .pdf. Raises BadInput for one that is encrypted, damaged or has too many pages."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        told = "有密码，请去掉密码后重试" if locked else "已损坏或不是 PDF，请重新导出"
        raise BadInput(f"{name} {told}") from None
    try:
        if len(document) > MAX_PAGES:
            raise BadInput(f"{name} 超过 {MAX_PAGES} 页，不是计划文件，请核对")
        return Source(name, tuple(_lines(document, name)))
    finally:
        document.close()


def _lines(document: pypdfium2.PdfDocument, name: str) -> Iterator[Line]:
    number, characters = 0, 0
    for index in range(len(document)):
        try:
            page = document[index]
            text = page.get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            raise BadInput(f"{name} 第 {index + 1} 页读不出来，文件可能已损坏，请重新导出") from None
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise too_much_text(name)
        for position, line in enumerate(LINE_ENDS.split(text)):
            number += 1
            yield Line(number, line, new_page=index > 0 and position == 0)
