"""Which of the files of a mail is the workbook; where there is not exactly one, what to do, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.errors import BadInput
from documents.forms.returned import ReturnedForm
from documents.rows import Sheet
from documents.sheets import read_submission
from notifications.attachments import TNEF, Attachment
from notifications.letters import Letter

_READ = frozenset({".xlsx", ".csv"})

_NAMED = 5
"""Files that a complaint names."""

_INSTEAD: Mapping[str, str] = {
    ".xls": "是旧版 .xls 工作簿，请另存为 .xlsx",
    ".xlsm": "是带宏的 .xlsm 工作簿，请另存为 .xlsx",
    ".et": "是 WPS 表格文件，请另存为 .xlsx",
    ".ods": "是 .ods 表格文件，请另存为 .xlsx",
    ".numbers": "是 Numbers 表格文件，请导出为 .xlsx",
    **dict.fromkeys((".zip", ".rar", ".7z", ".tar", ".gz"), "是压缩包，请解压后直接附上其中的报表"),
    **dict.fromkeys((".pdf", ".doc", ".docx", ".wps", ".jpg", ".jpeg", ".png"), "不是报表，报送只收 .xlsx 和 .csv"),
    **dict.fromkeys((".eml", ".msg"), "是一封邮件，请把其中的报表直接作为附件"),
}
"""What is said of a file that is no workbook we read, by its ending."""

_TNEF = (
    "附件被邮件程序打包成了 winmail.dat，无法打开："
    "请在 Outlook 中把邮件格式改为“HTML”或“纯文本”（不用 RTF）后重发，或在平台上传"
)


@dataclass(frozen=True)
class Workbook:
    """The workbook of a mail as read, and the names of the files beside it, which nobody read."""

    name: str
    read: Sheet | ReturnedForm
    beside: tuple[str, ...]


def workbook_of(letter: Letter, *, most_megabytes: int) -> Workbook:
    """Return the one workbook of the mail.

    Raises BadInput in one line for none, several, one of another type, one that is damaged or too large.
    """
    if not letter.whole:
        raise BadInput(
            f"邮件太大或结构异常，没有读取：报表附件不得超过 {most_megabytes} MB，请删去其他附件后重发，或在平台上传"
        )
    found = [file for file in letter.attachments if file.ending in _READ]
    if not found:
        raise BadInput(_without(letter))
    if len({file.content for file in found}) > 1:
        raise BadInput(f"来信附了{len(found)}份报表（{_names(found)}），不知以哪一份为准：请一封邮件只附一份")
    file = found[0]
    if file.content is None:
        raise BadInput(f"附件 {file.name} 在传输中损坏，请重发")
    if len(file.content) > most_megabytes * 2**20:
        raise BadInput(f"附件 {file.name} 超过 {most_megabytes} MB，请核对")
    beside = tuple(each.name for each in letter.attachments if each.ending not in _READ)
    return Workbook(file.name, read_submission(file.content, file.name), beside)


def _without(letter: Letter) -> str:
    """Return what is said of a mail without a workbook that we read."""
    if any(file.media_type == TNEF for file in letter.attachments):
        return _TNEF
    known = next((file for file in letter.attachments if file.ending in _INSTEAD), None)
    if known is not None:
        return f"附件 {known.name} {_INSTEAD[known.ending]}后重发" if "请" in _INSTEAD[known.ending] else (
            f"附件 {known.name} {_INSTEAD[known.ending]}，请附上填好的报表后重发"
        )  # fmt: skip
    if letter.attachments:
        return f"附件 {_names(letter.attachments)} 不是报表，报送只收 .xlsx 和 .csv，请附上填好的报表后重发"
    if letter.mail_inside:
        return "报表夹在转发的邮件里，没有读取：请把报表直接作为附件，回复报送提醒邮件"
    return "来信没有附报表。报送请附上填好的报表重发；如是咨询，来信已留存，由办公室人员阅处"


def _names(files: Sequence[Attachment]) -> str:
    named = "、".join(file.name for file in files[:_NAMED])
    return f"{named} 等{len(files)}个" if len(files) > _NAMED else named
