"""How a failure is told: one line on stderr and an exit code."""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from textwrap import shorten

import typer

from cli.output import NobodyReads, one_line
from config.errors import DubanError
from config.reasons import reason

FAILED, BAD_INPUT = 1, 2
INTERRUPTED, NOBODY_READS = 128 + 2, 128 + 13
"""As a shell counts the end by SIGINT and by SIGPIPE."""

DEBUG = "DUBAN_DEBUG"
"""Set to 1, it sends the traceback of an unexpected failure to stderr."""

LOG = Path("logs") / "duban-errors.log"
"""Where tracebacks are kept, under the installation's home."""

UsageError: type[Exception] = typer.BadParameter.__bases__[0]
"""Typer keeps it in a private module; its subclass is public."""

_SHOWN = 200
"""Characters shown of an unexpected failure; the whole of it is in the log."""

_EXTRA = re.compile(r"unexpected extra arguments?(?:\(s\))? \((.*)\)")


def reported(command: Callable[[], int]) -> int:
    """Return the exit code of `command`; whatever it raises becomes one line on stderr."""
    try:
        code = command()
        sys.stdout.flush()
        return code
    except DubanError as error:
        return _say(str(error), error.exit_code)
    except UsageError as error:
        return _say(_usage(error), BAD_INPUT)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (NobodyReads, BrokenPipeError):
        return _nobody_reads()
    except UnicodeEncodeError:
        return _say("命令行里有不是 UTF-8 的文字，请改用 UTF-8 终端或另起文件名", BAD_INPUT)
    except OSError as error:
        where = f"{error.filename}：" if error.filename else ""
        return _say(f"{where}{reason(error)}，请检查后再试", FAILED)
    except Exception as error:
        return _unexpected(error)


def _say(message: str, code: int) -> int:
    sys.stderr.write(one_line(message) + "\n")
    return code


def _nobody_reads() -> int:
    """End in silence, the interpreter's last flush included."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NOBODY_READS


def _unexpected(error: Exception) -> int:
    told = f"程序出错（{type(error).__name__}：{shorten(one_line(str(error)), _SHOWN, placeholder=' …')}）"
    if os.environ.get(DEBUG) == "1":
        traceback.print_exception(error)
        return _say(told, FAILED)
    try:
        return _say(f"{told}；详情已记入 {_log(error)}，请连同所用命令一并反馈", FAILED)
    except (OSError, DubanError):
        return _say(f"{told}；无法写入日志，请设 {DEBUG}=1 重新运行以查看详情", FAILED)


def _log(error: Exception) -> Path:
    from config.clock import now
    from config.settings import settings

    path = settings().home / LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{now().isoformat(timespec='seconds')} {' '.join(sys.argv[1:2])}\n")
        traceback.print_exception(error, file=log)
    return path


def _usage(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    hint = f"；用法见 {context.command_path} --help" if context else ""
    return f"{_mistake(error)}{hint}"


def _mistake(error: Exception) -> str:
    message = str(getattr(error, "message", error))
    param = getattr(error, "param", None)
    match type(error).__name__:
        case "NoSuchOption":
            near = "、".join(sorted(getattr(error, "possibilities", None) or ()))
            return f"没有选项 {getattr(error, 'option_name', '')}" + (f"，是不是 {near}" if near else "")
        case "MissingParameter" if param is not None:
            option = param.param_type_name == "option"
            return f"缺少选项 {param.opts[0]}" if option else f"缺少参数 {param.metavar or param.name}"
        case "BadOptionUsage":
            return f"选项 {getattr(error, 'option_name', '')} 后面缺少取值，或不应有取值"
        case "BadParameter" if param is not None:
            return f"{param.opts[0]} 的取值不对（{message}）"
    if extra := _EXTRA.search(message):
        return f"多余的参数：{extra[1]}"
    return f"用法不对（{message}）"
