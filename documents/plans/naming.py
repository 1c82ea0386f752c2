"""Names of what is counted, put together from the words around a number and what the numbers before hand on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

AREA = r"(?:全[市县省区州国域]|[我本][市县省区州]|市域|县域)(?!内)"

MODE = re.compile(
    r"(?P<mode>每年(?:动态)?(?:保有|保持|新增|净增)?|动态保有|累计新增|累计净增|累计|新增|净增|年新增|年均)"
)
"""How a number is to be counted: it goes for the numbers behind it too, until another such word or the full stop."""

VERBS = (
    "新增|净增|新培育|培育|建成|建设|新建|改建|扩建|新改扩建|打造|引进|引育|招引|开展|举办|组织|培训|提供|开放|发放|投放"
    "|完成|实施|改造|创建|认定|形成|推出|推广|布局|落地|签约|孵化|设立|组建|选派|制定|发布|支持|服务(?!业)|扶持|建立|带动|吸纳"
    "|处置|盘活|整治|治理|修复|恢复|清理|拆除|推动|推进|新认定|投用|投运|争取|遴选|选树|储备|新开工|开工|竣工"
    "|更换|淘汰|迁建|加固|腾退|回收|排查|注册|投产|达产|签订|加装|安装|更新|铺设|整改|化解|增设|开通|开行|种植|营造|栽植|升级|培养|选拔|评选|转化|转移|登记|入驻|落户|走访|检查|抽查"
    "|制修订|修订|研制|监测|巡查|办理|受理|救助|资助|帮扶"
)
"""Verbs of what is done so many times: their numbers add up over the years."""

_VERB = re.compile(VERBS)
_LEVELS = "国家|省部|省|市|县|区|镇"
_LEVEL = re.compile(
    rf"(?P<level>(?:国家|省|市|县|区|镇|部)?(?:A{{1,5}}|[一二三四五甲乙]|{_LEVELS}|地市|世界)级)(?:以上)?$"
)
_OTHER_LEVEL = re.compile(rf"^(?:{VERBS})?(?:{_LEVELS})级(?:以上)?")

_YEAR = r"(?:19|20)\d\d年"
_WITHIN_YEAR = (
    r"上半年|下半年|全年|年内|年底前?|年末前?|第?[一二三四]季度[末底内]?前?|\d{1,2}月(?:份|\d{1,2}日)?[底末]?前?"
)
_HOPE = r"(?:力争|确保|努力|预计|争取|计划|通过.{0,12}努力)[，]?"
_BY = (
    rf"(?:{_YEAR})?(?:{_WITHIN_YEAR})[，,]?"
    rf"|(?:到|至|截至)?(?:{_YEAR}|“?十四五”?|期|规划)(?:年|期|末|底|前|内|之|间|初)*[，,]?"
)
_TIME_LEAD = re.compile(rf"^(?:{_HOPE})?(?:{_BY})?(?:{AREA}[，]?)?")
_LEAD_WORDS = re.compile(
    rf"^(?:力争|确保|努力|实现|使|将|让|其中|同时|并|且|以及|和|及|与|{AREA}|年末|期末|届时|[：:，、])+"
)
_FROM = re.compile(r"(?:由|从)(?:(?:19|20)\d\d年?(?:年?[底末])?)?的?(?:约)?[\d.,]+[^，、]{0,6}$")
_BASE_YEAR = re.compile(r"(?:比|较)(?:19|20)\d\d年?(?:年?[底末])?")

_BEHIND = re.compile(r"^(?:大关|的?(?:目标|水平|规模)$|的)")
_COUNTED = frozenset("家个名件项座条所台套辆处张种支位")
_ALREADY = re.compile(
    r"(?:数|量|率|额|值|模|面积|比重|占比|里程|长度|收入|投资|程度|强度|服务|次|能力|水平|寿命|比例|指数|增长|下降|提高|降低)$"
)
_NOT_HANDED_ON = ("年均",)
_ONLY_CHANGE = re.compile(r"(?:年均|年平均|同比|累计)?(?:增长|增速|增幅|下降|降低|提高|提升|减少)?")
_SUBJECT_TAIL = re.compile(r"(?:总量|总数|数量|数)$")
_LONGEST_LEVEL = 4
_LONGEST_SUBJECT = 60
"""Characters of a name that can be the subject of the next one."""
LONGEST_NAME = 120
"""Characters of a name; what stands before them is no part of it."""


@dataclass
class Frame:
    """What the numbers of one sentence hand on to the next: 累计新增, the verb behind it, the thing counted.

    `mode` is the way of counting in force, `shown` what of it stands in the last name, `whole` how the number is
    measured that 其中 takes apart.
    """

    mode: str = ""
    shown: str = ""
    verb: str = ""
    noun: str = ""
    whole: str = ""
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Phrase:
    """The words before a number: what they name, what separates them from the number before, whether 其中 is said."""

    words: str
    separator: str
    is_part: bool

    @property
    def mode(self) -> str:
        """Return the way of counting that the words themselves say; empty for none."""
        found = MODE.match(self.words)
        return found["mode"] if found else ""


def phrase(raw: str) -> Phrase:
    """Return the phrase in `raw`, the text between two numbers."""
    raw = raw.strip()  # what was blanked out, too
    first = raw[:1]
    clauses = [part for part in re.split(r"[，；：]", raw) if part.strip(" 、")]
    words = clauses[-1].strip(" 、") if clauses else ""
    if len(clauses) > 1 and re.fullmatch(rf"(?:其中|{AREA}|力争|分别|均|努力)*", words):
        words = clauses[-2].strip(" 、") + words
    if words.count("（") != words.count("）"):
        words = words.replace("（", "") if words.startswith("（") else words.rstrip("（")
    words = without_lead(_FROM.sub("", words.lstrip("和及与并")))
    return Phrase(words[-LONGEST_NAME:], first if first in "，、；和及与" else "", "其中" in raw)


def without_lead(words: str) -> str:
    """Return `words` without what only introduces them: 到2025年, 力争, 全市."""
    return _LEAD_WORDS.sub("", _TIME_LEAD.sub("", words))


def named(said: Phrase, behind: str, frame: Frame) -> str:
    """Return the name: the phrase with what is handed on to it, and the words `behind` the number.

    `frame` takes up what this name hands on in turn.
    """
    words, mode = said.words, said.mode
    level = _LEVEL.search(words) if not behind else None
    if level and (level.start() or frame.noun):
        frame.noun = words[: level.start()] or _OTHER_LEVEL.sub("", frame.noun)
        return level[0] + frame.noun
    name = _BASE_YEAR.sub("", _completed(said, behind, frame) + _BEHIND.sub("", behind))
    if mode:
        frame.shown = mode if mode not in _NOT_HANDED_ON else ""
    if verb := _VERB.search(words.removeprefix(mode)) if mode else _VERB.match(words):
        frame.verb = verb[0]
    if name:
        frame.noun = MODE.sub("", name, count=1) if MODE.match(name) else name
        frame.names.append(name)
    return name


def _completed(said: Phrase, behind: str, frame: Frame) -> str:
    """Return the words of the phrase with the subject, or the way of counting, that they leave to the number before."""
    words, subject = said.words, _SUBJECT_TAIL.sub("", frame.names[-1]) if frame.names else ""
    if len(subject) > _LONGEST_SUBJECT:
        subject = ""
    if subject and re.match(r"总|其(?!他|它|中)", words):
        return subject + words.removeprefix("其")
    if subject and not behind and _ONLY_CHANGE.fullmatch(_BASE_YEAR.sub("", words)):
        return subject + words
    if said.is_part and words.startswith("新增") and frame.mode == "累计新增":
        return f"累计{words}"
    if words and not said.mode and said.separator in ("、", "和", "及", "与"):
        verb = "" if _VERB.match(words) or frame.verb in frame.shown else frame.verb
        return f"{frame.shown}{verb}{words}"
    frame.shown, frame.verb = "", ""
    return words


def count_on(said: Phrase, frame: Frame) -> str:
    """Return the way of counting that goes for the phrase, its own or the one in force, and put its own in force."""
    own = said.mode
    if own and own not in _NOT_HANDED_ON:
        frame.mode = "累计新增" if said.is_part and own == "新增" and frame.mode == "累计新增" else own
    return own or frame.mode


def names_of(words: str, count: int) -> Sequence[str]:
    """Return the `count` names that `words` list, each with what they share; none when they are not so many.

    市级和县级培育库企业 are 市级培育库企业 and 县级培育库企业.
    """
    lead = re.match(rf"(?:{MODE.pattern})?(?:{VERBS})?", words)
    before = lead[0] if lead else ""
    parts = [part for part in re.split(r"、|和|及|以及|与", words[len(before) :]) if part]
    if len(parts) != count:
        parts = [part for part in re.split(r"、|以及", words[len(before) :]) if part]
    if len(parts) != count:
        return ()
    first, last, shared = parts[0], parts[-1], ""
    if len(first) <= _LONGEST_LEVEL and (place := last.find(first[-1])) >= 0 and place + 1 < len(last):
        shared = last[place + 1 :]
    return [before + part + (shared if part is not last else "") for part in parts]


def with_count(name: str, unit: str) -> str:
    """Return the name with the word for a count: …企业 in 家 is …企业数, …续贷 in 笔 is …续贷笔数."""
    if not name or _ALREADY.search(name):
        return name
    if unit in ("户", "笔", "人"):
        return name + ("数" if name.endswith(unit) else f"{unit}数")
    return f"{name}数" if unit in _COUNTED else name
