"""Every command explains itself in Chinese, with an example that works, and is described in docs/commands.md."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from calling import ROOT, Duban
from typer.main import get_command

from cli import root
from cli.help import Group, first_line

DOCS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")

_HAN = re.compile(r"[\u4e00-\u9fff]")
_PENDING = {"backup", "restore", "doctor"}
"""Commands that come later: until then they do not exist."""


def _commands() -> Iterator[tuple[str, Any]]:
    for entry in root.COMMANDS:
        command = root.load(entry)
        if isinstance(command, Group):
            for name, member in command.commands.items():
                yield f"{entry.name} {name}", member
        else:
            yield entry.name, command


COMMANDS = dict(_commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_all_its_options_in_chinese(name: str) -> None:
    command = COMMANDS[name]

    assert _HAN.search(first_line(command.help))
    for param in command.params:
        assert param.name == "help" or _HAN.search(param.help or ""), f"{name} {param.name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_example_is_a_call_that_duban_understands(name: str) -> None:
    examples = [line for line in (COMMANDS[name].epilog or "").splitlines() if "duban" in line]
    assert examples, f"{name} has no example"
    for example in examples:
        words = shlex.split(example)
        _understood(words[words.index("duban") + 1 :])


def _understood(words: list[str]) -> None:
    """Parse the call as duban would, and stop short of doing it. Raises what a wrong usage raises."""
    command: Any = get_command(root.root)
    context: Any = None
    rest = words
    while isinstance(command, Group):
        context = typer.Context(command, parent=context)
        _, command, rest = command.resolve_command(context, rest)
    command.make_context(words[0], rest, parent=context)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = COMMANDS[name]
    section = _section(name)

    for param in command.params:
        if param.param_type_name == "argument":
            assert (param.metavar or param.name.upper()) in section.splitlines()[0], f"{name} {param.name}"
        elif param.name != "help":
            assert f"`{param.opts[0]}" in section, f"{name} {param.opts[0]}"


def _section(name: str) -> str:
    """Return the section of docs/commands.md on a command: from its heading to the next."""
    found = re.search(rf"^### `duban {re.escape(name)}[ `].*?(?=^##|\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section on {name}"
    return found[0]


def test_the_documentation_describes_no_command_that_does_not_exist() -> None:
    described = re.findall(r"^### `duban ([a-z -]+?)(?= [A-Z\[{<]| -|`)", DOCS, re.MULTILINE)

    assert set(described) <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(_PENDING))
def test_a_command_that_comes_later_does_not_exist_yet(duban: Duban, name: str) -> None:
    done = duban(*name.split(), "x")

    assert (done.code, done.out) == (2, "")
    assert "没有命令" in done.complaint


@pytest.mark.parametrize("entry", root.COMMANDS, ids=lambda entry: entry.name)
def test_the_line_in_the_list_is_the_first_line_of_the_command(entry: root.Entry) -> None:
    assert first_line(root.load(entry).help).rstrip("。") == entry.summary


def test_without_a_command_the_list_is_shown(duban: Duban) -> None:
    done = duban()

    assert (done.code, done.err) == (0, "")
    assert all(entry.name in done.out and entry.summary in done.out for entry in root.COMMANDS)


def test_help_speaks_no_english(duban: Duban) -> None:
    shown = duban("act", "--help").out

    assert shown.startswith("用法：duban act ITEM ACTION [选项]")
    assert not re.search(r"Usage|Options|Arguments|Show this|default|required", shown)


def test_the_version_is_shown(duban: Duban) -> None:
    assert re.fullmatch(r"duban \d+\.\d+\.\d+\n", duban("--version").out)
