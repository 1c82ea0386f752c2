"""What stands above the table of a form."""

from __future__ import annotations

from config.clock import day_of
from documents.forms.content import FormContent
from supervision.periods import day_in_words


def head(content: FormContent) -> list[str]:
    """Return the lines above the table: title, whose form it is, its dates, how to fill it in, and what was said."""
    of = content.definition
    made_up = "（模拟数据）" if content.synthetic else ""
    dates = [day_in_words(day) for day in (content.opens, content.due, content.closes)]
    lines = [
        f"{of.form.title}{made_up}",
        f"报送单位：{of.unit.name}　　报送期：{of.period.in_words}（{of.period}）　　报表代码：{of.form.code}",
        f"{dates[0]}开放，{dates[1]}截止，{dates[2]}关闭；截止后、关闭前仍可补报，记为迟报。",
        "填报方法：只填浅黄色的格。有数的填“本期值”（没有发生填 0）；不适用的在“状态”中选“不适用”；尚无数据的留空。"
        "“校核”栏提示问题；其余各格已锁定，请勿改动、增删行列。“应达值”为截至本季度末的序时进度。",
    ]
    if (returned := content.returned) is not None and returned.comment:
        filed = day_in_words(day_of(returned.filed_at))
        lines.append(f"退回意见（第 {returned.number} 版，{filed}报送）：{returned.comment}")
    elif content.last is not None:
        lines.append(f"已填入第 {content.last.number} 版报送的内容（{content.last.state.label}）。")
    elif content.prefilled:
        lines.append(f"其中 {content.prefilled} 个数已由其他报表报送，已经填入，请核对。")
    return lines
