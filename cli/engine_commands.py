"""`duban run`, `serve`, `deploy`: the flows on the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import output, reading
from cli.office import opened
from cli.options import AsOf, At, Json
from config.settings import settings

app = typer.Typer(add_completion=False)

FOUND_SOMETHING = 1
"""Exit code of an audit that has findings."""


@app.command(
    "run",
    help="通过流程引擎运行一个流程。\n\n"
    "流程：supervise_plan、supervise_key_task、supervise_safeguards、collect_figures、escalate_overdue、"
    "deliver_notices、fetch_mail、assess_districts、audit_supervision、make_up_missed；可只写动词，如 escalate。\n"
    "没有运行中的 duban serve 或 DUBAN_ENGINE_URL 时先启动引擎，需数秒。",
    epilog="duban run escalate_overdue --as-of 2022-07-21\n"
    "duban run supervise_key_task --task 3\n"
    "duban run assess_districts --quarter 2022Q2",
)
def run(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="流程名")],
    as_of: AsOf = None,
    at: At = None,
    task: Annotated[str | None, typer.Option("--task", metavar="N", help="重点任务编号")] = None,
    quarter: Annotated[str | None, typer.Option("--quarter", metavar="Q", help="季度，如 2022Q2")] = None,
    json: Json = False,
) -> int:
    """Run one flow and print what it did."""
    from flows.results import as_json, in_words
    from flows.run import checked
    from flows.run import run as run_flow

    given = {
        "as_of": reading.day_if(as_of, "--as-of"),
        "at": reading.moment_if(at, "--at"),
        "number": None if task is None else reading.number(task, "--task"),
        "quarter": quarter,
    }
    checked(flow, given)  # a slip is told before the engine is started
    with opened() as office:
        result = run_flow(flow, office.settings, **given)
    if json:
        output.as_json(as_json(result))
    else:
        output.line(in_words(result))
    return FOUND_SOMETHING if getattr(result, "findings", ()) else 0


@app.command(
    "serve",
    help="启动页面、时钟和流程引擎，直到 Ctrl-C。\n\n"
    "页面立即可用，引擎在后台启动；停机期间错过的流程补运行一次。\n"
    "设有 DUBAN_ENGINE_URL 时由该引擎按部署运行，这里只有页面。\n\n"
    "只在本机时用 http；DUBAN_HOST 指向本机以外的，须有证书（--tls-cert、--tls-key），"
    "或由 DUBAN_TRUSTED_PROXIES 所列的反向代理提供 https。",
    epilog="duban serve\nduban serve --no-clock\nduban serve --tls-cert portal.crt --tls-key portal.key",
)
def serve(
    no_clock: Annotated[bool, typer.Option("--no-clock", help="只启动页面，不运行时钟和引擎")] = False,
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="FILE", help="证书（PEM，连同中间证书）")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", metavar="FILE", help="私钥（PEM，不设口令）")] = None,
) -> None:
    """Serve the portal until interrupted."""
    from cli.serve import Tls
    from cli.serve import serve as serve_portal

    serve_portal(settings(), clock=not no_clock, tls=Tls.of(tls_cert, tls_key))


@app.command(
    "deploy",
    help="在流程引擎上登记部署。\n\n"
    "每个重点任务一个部署，其余流程各一个，按 config/schedule.yaml 排期，登记到 DUBAN_WORK_POOL。\n"
    "须先设 DUBAN_ENGINE_URL。可以重复运行，不会重复排期；升级或改动排期后再运行一次。",
    epilog="DUBAN_ENGINE_URL=http://127.0.0.1:4200/api duban deploy",
)
def deploy(json: Json = False) -> None:
    """Register the deployments and their work pool."""
    from flows.deploy import deploy as deploy_flows

    with opened() as office:
        done = deploy_flows(office.settings, office.database)
    if json:
        output.as_json(
            {
                "work_pool": done.work_pool,
                "deployments": [
                    {"name": each.full_name, "cron": each.cron, "zone": each.zone, "parameters": each.parameters}
                    for each in done.deployments
                ],
                "removed": list(done.removed),
            }
        )
        return
    rows = ([each.full_name, each.cron, each.zone] for each in done.deployments)
    output.table(f"部署（工作池 {done.work_pool}）", ["部署", "排期", "时区"], rows)
    for name in done.removed:
        output.line(f"已删除不再需要的部署 {name}")
    output.line(f"在各工作机上运行：prefect worker start --pool {done.work_pool}")
