"""The text of a .txt, in whatever encoding of China it was saved; what only bears that name is refused."""

from __future__ import annotations

import re

from config.errors import BadInput

HAN = re.compile(r"[\u4e00-\u9fff]")
_SAMPLE = 4000
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHERS = (
    (re.compile(r"<(?:!doctype )?html|mime-version:", re.I), "网页"),
    (re.compile(r"\{\\rtf"), "RTF 文档"),
    (re.compile(r"<\?xml"), "XML 文档"),
)
"""How the formats of other programs begin, whatever the file is called."""

_FREQUENT = re.compile("[，。、的：（）]")
"""Characters that any Chinese text holds; read in a wrong encoding it has none of them."""


def decoded(content: bytes, name: str) -> str:
    """Return the text of `content`. Raises BadInput in one line for what is no Chinese text or another format."""
    text = _decoded(content, name)
    if not text.strip("\ufeff\x00 \t\r\n\u3000"):
        raise BadInput(f"{name} 是空文件")
    for begins, kind in _OTHERS:
        if begins.search(text[:_SAMPLE]):
            raise BadInput(f"{name} 其实是{kind}，请打开后另存为 .docx，或 UTF-8 编码的 .txt")
    return text


def _decoded(content: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(content, encoding, name)
    if b"\x00" in content[:_SAMPLE]:
        return _without_mark(content, name)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _without_unicode(content, name)


def _without_unicode(content: bytes, name: str) -> str:
    """Decode GB18030, or Big5 where that makes more of a Chinese text out of it."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        raise BadInput(f"{name} 的编码无法识别，请另存为 UTF-8 编码的 .txt") from None
    other = content.decode("big5", "replace")
    return max((text, other), key=lambda found: len(_FREQUENT.findall(found[:_SAMPLE])))


def _text(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput(f"{name} 的文字有损坏（{encoding}），请重新另存为 UTF-8 编码的 .txt") from None


def _without_mark(content: bytes, name: str) -> str:
    """Decode UTF-16 without a byte order mark: the order in which more of the text is Chinese."""
    content = content[: len(content) // 2 * 2]
    texts = [content.decode(encoding, "replace") for encoding in ("utf-16-le", "utf-16-be")]
    best = max(texts, key=lambda text: len(HAN.findall(text[:_SAMPLE])))
    if "\ufffd" in best or "\x00" in best or len(HAN.findall(best[:_SAMPLE])) * 3 < len(best[:_SAMPLE]):
        raise BadInput(f"{name} 不是文本文件，请另存为 UTF-8 编码的 .txt，或 .docx、.pdf")
    return best
