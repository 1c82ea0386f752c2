"""The table of commands. A command's module is imported when the command is called, so that `duban` starts fast."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module, metadata
from itertools import groupby
from typing import Annotated, Any

import typer
from typer.main import get_command as built

from cli import output
from cli.help import Command, Group, Rows


@dataclass(frozen=True)
class Entry:
    """One command of `duban`, or a group of them, and where it is written."""

    heading: str
    name: str
    module: str
    summary: str
    is_group: bool = False


COMMANDS: tuple[Entry, ...] = (
    Entry("计划与日历", "init", "cli.init", "建立或升级数据库，并载入计划"),
    Entry("计划与日历", "plan", "cli.plan", "查看计划、检查计划目录", is_group=True),
    Entry("计划与日历", "workdays", "cli.workdays", "推算和计数工作日", is_group=True),
    Entry("计划与日历", "calendar", "cli.calendar", "载入年度放假安排", is_group=True),
    Entry("督办", "supervise", "cli.cycle", "生成到期事项并交办"),
    Entry("督办", "escalate", "cli.cycle", "按阶梯提醒、催办、督办"),
    Entry("督办", "deliver", "cli.deliver", "发出待发的通知"),
    Entry("督办", "items", "cli.items", "列出交办事项"),
    Entry("督办", "history", "cli.items", "列出一个事项的办理经过"),
    Entry("督办", "act", "cli.act", "办理一个事项：交办、签收、反馈、报请办结等"),
    Entry("督办", "breakdown", "cli.act", "把事项分解给内设机构或经办人"),
    Entry("督办", "matter", "cli.matter", "计划外事项（批示、会议、专班）立项", is_group=True),
    Entry("督办", "paper", "cli.paper", "督办单、通报的审核、签发、送达、回执、打印", is_group=True),
    Entry("督办", "document", "cli.document", "交办单、催办单、台账、进展汇总、工作简报", is_group=True),
    Entry("督办", "notices", "cli.notices", "列出通知及其送达情况"),
    Entry("督办", "served", "cli.notices", "登记当面或电话送达的通知"),
    Entry("报送", "collect", "cli.cycle", "开启、催报、截止报送"),
    Entry("报送", "forms", "cli.figures", "列出报表"),
    Entry("报送", "requests", "cli.figures", "列出报送任务"),
    Entry("报送", "form", "cli.form", "生成预填的报送表"),
    Entry("报送", "submit", "cli.figures", "报送数据"),
    Entry("报送", "mail", "cli.mail", "收取各单位回信报送的报表", is_group=True),
    Entry("报送", "confirm", "cli.figures", "审核通过一次报送"),
    Entry("报送", "return", "cli.figures", "退回一次报送"),
    Entry("考核", "target", "cli.target", "区、县（市）的目标：分解、指定、确认、异议", is_group=True),
    Entry("考核", "score", "cli.score", "按输入文件计算得分（不用数据库）"),
    Entry("考核", "assess", "cli.score", "考核一个季度并存档"),
    Entry("考核", "report", "cli.report", "生成考核通报、得分说明、评分工作簿和图表"),
    Entry("考核", "assessment", "cli.assessment", "考核结果的公示、发布、更正、核对", is_group=True),
    Entry("考核", "analysis", "cli.analysis", "考核分析：梯队权重、异常、变化、更正影响、期末考核", is_group=True),
    Entry("考核", "outlook", "cli.outlook", "展望：每季度还要完成多少、期末预计多少、怎样上升一位"),
    Entry("考核", "objection", "cli.objection", "申诉与复核", is_group=True),
    Entry("考核", "flag", "cli.flag", "数据疑点的核查", is_group=True),
    Entry("考核", "adjustment", "cli.adjustment", "加减分的提出与审批", is_group=True),
    Entry("考核", "veto", "cli.veto", "一票否决的提出与审批", is_group=True),
    Entry("统计与指数", "series", "cli.series", "统计序列：登记、查看、预警、报送情况", is_group=True),
    Entry("统计与指数", "index", "cli.index", "内部测算的指数", is_group=True),
    Entry("统计与指数", "survey", "cli.survey", "抽样调查的推算", is_group=True),
    Entry("统计与指数", "release", "cli.release", "统计数据的发布日历与发布", is_group=True),
    Entry("人员与审计", "user", "cli.user", "人员、任职、委托、停用", is_group=True),
    Entry("人员与审计", "bureau", "cli.bureau", "登记内设或下属单位", is_group=True),
    Entry("人员与审计", "audit", "cli.audit", "核验审计链", is_group=True),
    Entry("运行", "run", "cli.engine_commands", "通过流程引擎运行一个流程"),
    Entry("运行", "serve", "cli.engine_commands", "启动页面、时钟和流程引擎，直到 Ctrl-C"),
    Entry("运行", "deploy", "cli.engine_commands", "在流程引擎上登记部署"),
    Entry("运行", "heartbeat", "cli.heartbeat", "核对各流程是否按时运行，逾时告警", is_group=True),
    Entry("运行", "demo", "cli.demo", "用模拟数据演示全过程"),
)


class Root(Group):
    """`duban` itself."""

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """The commands by name, in the order of the table."""
        return {entry.name: entry for entry in COMMANDS}

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        return list(self.entries)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, importing its module; None for a name that is not there."""
        entry = self.entries.get(cmd_name)
        return None if entry is None else load(entry)

    def sections(self, ctx: Any) -> list[tuple[str, Rows]]:
        """Return the table's own lines, so that `duban --help` imports nothing."""
        grouped = groupby(self.entries.values(), key=lambda entry: entry.heading)
        return [(heading, [(entry.name, entry.summary) for entry in entries]) for heading, entries in grouped]


def load(entry: Entry) -> Any:
    """Return the command of `entry` out of its module's `app`."""
    gc.disable()  # a fifth of the time to start went into collecting among modules, which stay anyway
    try:
        app: typer.Typer = import_module(entry.module).app
    finally:
        gc.enable()
    app.info.cls = Group
    app.info.name = entry.name
    for command in app.registered_commands:
        command.cls = Command
    if entry.is_group:
        app.callback(help=f"{entry.summary}。")(_nothing)
        return built(app)
    found: Any = built(app)
    return found.commands[entry.name] if isinstance(found, Group) else found


def run(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; return its exit code. Failures are raised."""
    output.mark(False)
    result = built(root).main(list(arguments), prog_name="duban", standalone_mode=False)
    return result if isinstance(result, int) else 0


def _nothing() -> None:
    """A group does nothing by itself."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"duban {metadata.version('duban')}")
        raise typer.Exit


root = typer.Typer(cls=Root, add_completion=False)


@root.callback(
    help="督办：领导小组办公室的任务督办、数据报送与考核系统。",
    epilog="duban init\nduban items --overdue\nduban items --help",
)
def _duban(
    version: Annotated[bool, typer.Option("--version", help="显示版本", callback=_version, is_eager=True)] = False,
) -> None:
    """Nothing to do before a command."""
