"""From when to when a plan runs: by its title, else by what its text says, and then with a doubt."""

from __future__ import annotations

import re
from datetime import date

from config.plan.numerals import whole_number

_SPAN = re.compile(r"((?:19|20)\d\d)年?[—\-~至到]+((?:19|20)\d\d)年?")
_ONE_YEAR = re.compile(r"((?:19|20)\d\d)年(?:度)?")
_UNTIL = re.compile(r"(?:到|至)((?:20)\d\d)年")
_YEARS_LONG = re.compile(r"([一二两三四五六七八九十])年(?:行动|成长|攻坚|提升|发展|滚动|建设|实施|工作)?")
_SPECIAL = {"十四五": (2021, 2025), "十五五": (2026, 2030), "十三五": (2016, 2020)}

_PART_OF_YEAR = re.compile(r"(?<=年)(?:[春夏秋冬]季|今冬明春|[上下]半年|第?[一二三四]季度|\d{1,2}月)")
_VALID = re.compile(r"有效期(?:限)?(?:为|至|[一二三四五两\d])[^，。；）]{0,14}|试行期(?:限)?(?:为)?[^，。；）]{1,10}")

_LATEST = 6
"""Years behind the issue from which a year is an outlook (展望2035年), not the plan's end."""


def period_of(title: str, text: str, issued: date | None) -> tuple[date | None, date | None, tuple[str, ...]]:
    """Return first and last day of the plan, and what to confirm where the title does not say them."""
    first, last, doubts = _period(title, text, issued)
    if part := _PART_OF_YEAR.search(title):
        doubts += (f"标题写的是“{part[0]}”，计划起止按全年计，请核对",)
    if valid := _VALID.search(text):
        doubts += (f"文中写有“{valid[0]}”，与计划起止是否一致请核对",)
    return first, last, doubts


def _period(title: str, text: str, issued: date | None) -> tuple[date | None, date | None, tuple[str, ...]]:
    if span := _SPAN.search(title):
        return date(int(span[1]), 1, 1), date(int(span[2]), 12, 31), ()
    if one := _ONE_YEAR.search(title):
        return date(int(one[1]), 1, 1), date(int(one[1]), 12, 31), ()
    for words, (first, last) in _SPECIAL.items():
        if words in title:
            return date(first, 1, 1), date(last, 12, 31), ()
    if span := re.search(r"(?:计划|规划|实施|行动)(?:期|期限|时间|周期)(?:为|：)?" + _SPAN.pattern, text):
        return date(int(span[1]), 1, 1), date(int(span[2]), 12, 31), ("计划起止按正文所写年份，请核对",)
    ends = [int(year) for year in _UNTIL.findall(text)]
    ends += [_SPECIAL[words][1] for words in re.findall(r"(?:到|至)“?(十[三四五]五)”?[期规划时]*[末底]", text)]
    if not ends and issued and "全年" in text:
        year = issued.year
        return date(year, 1, 1), date(year, 12, 31), (f"计划起止没有写明，正文写“全年”，按{year}年计，请核对",)
    if not ends:
        return None, None, ("没有读到计划起止年份，请补填",)
    end = max((year for year in ends if issued is None or year <= issued.year + _LATEST), default=max(ends))
    long = _YEARS_LONG.search(title)
    first = end - (whole_number(long[1]) or 1) + 1 if long else (issued.year if issued else end)
    first = min(first, end)
    return date(first, 1, 1), date(end, 12, 31), (f"标题没有写明起止年份，按{first}—{end}年计，请核对",)
