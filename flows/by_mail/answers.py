"""What the sender of a workbook is told: what became of it, and cell by cell what is to be put right. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from notifications.wording import day_in_words, one_line, shortened
from supervision.collection.filing import Unacceptable

PROBLEMS_LISTED = 200
"""Faulty cells that one answer lists."""

_NAMED = 5
_AGAIN = "更正后，请直接回复本邮件（保留主题中的回信编号），附上报表重报；也可以登录督办平台填报"
_NUMBERED = "请直接回复报送提醒邮件（保留主题和原文），系统凭其中的回信编号认定是哪一份报表；也可以登录督办平台填报"


def accepted(words: str, *, name: str, subject: str, beside: Sequence[str], office: str, on: date) -> str:
    """Return the answer to a workbook that was taken. `beside`: files of the mail that nobody read."""
    unread = ""
    if beside:
        named = "、".join(beside[:_NAMED]) + (f" 等{len(beside)}个文件" if len(beside) > _NAMED else "")
        unread = f"来信的其他附件（{named}）没有读取，佐证材料请在督办平台上传。"
    return _letter([words, unread], name=name, subject=subject, office=office, on=on)


def refused(error: Exception, *, name: str, subject: str, about: str, numbered: bool, office: str, on: date) -> str:
    """Return the answer to a mail of which nothing came, with every faulty cell by its name in the workbook.

    `about` says which form it was about, when that is known; `numbered`: the answer bears its number, and can be
    answered in turn.
    """
    whose = f"{about}没有收下，未作任何改动" if about else "来信没有办理"
    remedy = f"{_AGAIN if numbered else _NUMBERED}。"
    if not isinstance(error, Unacceptable):
        return _letter([f"{whose}：{_closed(str(error))}", remedy], name=name, subject=subject, office=office, on=on)
    cells = [f"{number}．{one_line(str(each))}" for number, each in enumerate(error.problems[:PROBLEMS_LISTED], 1)]
    if len(error.problems) > PROBLEMS_LISTED:
        cells.append(f"另有{len(error.problems) - PROBLEMS_LISTED}处，改正以上各处后再报时逐一列出。")
    lead = f"{whose}：有{len(error.problems)}处需要改正或说明，按单元格列出如下。"
    return _letter([lead, "\n　　".join(cells), remedy], name=name, subject=subject, office=office, on=on)


def _closed(text: str) -> str:
    """Return the sentence with its full stop."""
    text = one_line(text)
    return text if text.endswith(("。", "！", "？")) else f"{text}。"


def _letter(paragraphs: Sequence[str], *, name: str, subject: str, office: str, on: date) -> str:
    shown = shortened(one_line(subject), 100) or "（无主题）"
    body = "\n\n".join(f"　　{paragraph}" for paragraph in paragraphs if paragraph)
    return (
        f"{one_line(name)}：\n\n　　您的邮件“{shown}”收悉。\n\n{body}\n\n"
        f"{one_line(office)}\n{day_in_words(on)}\n（本邮件由督办平台自动发出）\n"
    )
