"""The options that many commands have in common."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="D", help="截至日期，默认今天")]
At = Annotated[str | None, typer.Option("--at", metavar="T", help="办理时刻（含时区），默认现在")]
By = Annotated[str, typer.Option("--by", metavar="LOGIN", help="办理人的登录名")]
Quarter = Annotated[str, typer.Argument(metavar="QUARTER", help="季度，如 2022Q2")]
OfQuarter = Annotated[str | None, typer.Option("--quarter", metavar="Q", help="季度，如 2022Q2")]
OfRun = Annotated[str | None, typer.Option("--run", metavar="RUN", help="考核结果的编号")]
Who = Annotated[
    str, typer.Option("--population", metavar="P", help="考核对象：districts（区、县（市））或 units（成员单位）")
]
Recorded = Annotated[str | None, typer.Option("--source", metavar="TEXT", help="代录：办公室据以代为登记的来电、来文")]
