"""A problem of a plan folder, placed on a line, and how it is said to the person who writes the folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic_core import ErrorDetails

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong in which line of which file (lines count from 1). A warning does not stop the plan."""

    file: str
    line: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = "提示：" if self.severity == "warning" else ""
        return f"{self.file}:{self.line}: {mark}{self.message}"


_PLAIN = {
    "string_type": "应为文字；数字、日期等请加引号",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "格式不对，应符合 {pattern}",
    "string_too_long": "过长，最多 {max_length} 个字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "位数过多，最多 {max_digits} 位",
    "decimal_max_places": "小数位过多，最多 {decimal_places} 位",
    "date_type": "应为日期，写成 2022-06-30",
    "date_parsing": "应为日期，写成 2022-06-30",
    "date_from_datetime_parsing": "应为日期，写成 2022-06-30",
    "date_from_datetime_inexact": "应为日期，写成 2022-06-30",
    "time_type": "应为时刻，写成 08:30",
    "time_parsing": "应为时刻，写成 08:30",
    "literal_error": "只能是 {expected} 之一",
    "tuple_type": "应为列表",
    "model_type": "应为“键: 值”",
    "greater_than": "必须大于 {gt}",
    "greater_than_equal": "不得小于 {ge}",
    "less_than": "必须小于 {lt}",
    "less_than_equal": "不得大于 {le}",
    "too_short": "不能为空，至少 {min_length} 项",
}


def explain(error: ErrorDetails) -> str:
    """Return one Chinese sentence for a pydantic error, naming the key it is about."""
    key = next((step for step in reversed(error["loc"]) if isinstance(step, str)), "")
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"缺少 {key}"
        case "extra_forbidden":
            return f"不认识的键 {key}，请核对拼写"
        case "value_error":
            return str(context["error"])
        case kind if kind in _PLAIN:
            return (
                f"{key}：{_PLAIN[kind].format(**context)}".replace("' or '", "、")
                .replace("', '", "、")
                .replace("'", "")
            )
    return f"{key}：取值不合要求（{error['msg']}）"
