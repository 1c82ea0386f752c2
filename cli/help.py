"""`--help` in Chinese: usage, what it does, arguments, options, an example."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from typer.core import TyperCommand, TyperGroup

_INDENT = "  "
_LONGEST_NAME = 28
"""Terminal columns; a longer name has its text on the next line."""

Rows = Sequence[tuple[str, str]]


class Command(TyperCommand):
    """A command whose help is in Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        params: list[Any] = [param for param in self.get_params(ctx) if not getattr(param, "hidden", False)]
        arguments = [(_argument(param), param.help or "") for param in params if param.param_type_name == "argument"]
        options = [(_option(param), _help(param)) for param in params if param.param_type_name == "option"]
        usage = " ".join([ctx.command_path, *(name for name, _ in arguments), "[选项]"])
        formatter.write(_page(usage, self.help, [("参数", arguments), ("选项", options)], self.epilog))


class Group(TyperGroup):
    """A group of commands whose help is in Chinese. Called with nothing, it shows that help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Return what is left after the group's own options."""
        return super().parse_args(ctx, args or ["--help"])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return name, command and remaining arguments; raises UnknownName with the nearest names."""
        from cli.reading import unknown

        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise unknown(f"{ctx.command_path} 没有命令“{args[0]}”", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def sections(self, ctx: Any) -> list[tuple[str, Rows]]:
        """Return the commands with a line on each, under headings."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        return [("命令", [(name, first_line(command.help)) for name, command in commands if command])]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        options = [(_option(param), _help(param)) for param in self.get_params(ctx)]
        usage = f"{ctx.command_path} 命令 [参数] [选项]"
        formatter.write(_page(usage, self.help, [*self.sections(ctx), ("选项", options)], self.epilog))


def first_line(text: str | None) -> str:
    """Return the first line of a help text."""
    return (inspect.cleandoc(text or "").splitlines() or [""])[0]


def _page(usage: str, text: str | None, sections: Iterable[tuple[str, Rows]], example: str | None) -> str:
    parts = [f"用法：{usage}", inspect.cleandoc(text or "")]
    parts += [f"{heading}：\n{_rows(rows)}" for heading, rows in sections if rows]
    if example:
        lines = inspect.cleandoc(example).splitlines()
        parts.append("示例：\n" + "\n".join(f"{_INDENT}{line}" for line in lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def _rows(rows: Rows) -> str:
    width = min(max(cell_len(name) for name, _ in rows), _LONGEST_NAME)
    return "\n".join(f"{_INDENT}{_padded(name, width)}{text}".rstrip() for name, text in rows)


def _padded(name: str, width: int) -> str:
    missing = width - cell_len(name)
    return f"{name}\n{_INDENT}{' ' * (width + 2)}" if missing < 0 else name + " " * (missing + 2)


def _argument(param: Any) -> str:
    name = str(param.metavar or param.name.upper())
    return name if param.required else f"[{name}]"


def _option(param: Any) -> str:
    names = ", ".join([*param.opts, *param.secondary_opts])
    return names if param.is_flag else f"{names} {param.metavar or param.name.upper()}"


def _help(param: Any) -> str:
    if param.name == "help":
        return "显示本说明"
    return f"{param.help or ''}{'（必填）' if param.required else ''}"
