"""Names of units as plans list them: where one name ends and the next begins, and what kind of unit it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_OPEN, _CLOSE = "（(〔[【“《", "）)〕]】”》"

_ENDS = (
    "委员会|管委会|办公室|办事处|领导小组|工作专班|指挥部|总工会|工商联|红十字会|科协|残联|文联|社科联|侨联|贸促会|妇联|团委"
    "|党工委|党组|政法委|编办|网信办|中心|集团|公司|支行|分行|银行|人行|中支|大学|学院|学校|医院|法院|检察院|研究院|党校|报社|电视台|融媒体"
    "|海关|支队|总队|大队|调查队|街道|开发区|高新区|新区|园区|示范区|度假区|政府|总局|总署|税务|供电|邮政|气象台|商会|协会|学会|联合会"
    "|证监会|金监局|铁塔|电信|移动|联通|武警|军分区|武装部|档案馆|图书馆|博物馆|地区|单位|部门|机关|成员|企业"
    "|局|委|办|厅|部|署|院|处|科|室|所|站|队|镇|乡|村|社|区|县|市|州|盟|旗|省|司|行|会|联|协"
)
_UNIT_END = re.compile(rf"(?:{_ENDS})(?:[（(〔][^）)〕]*[）)〕])?$")

_FIRM_ENDS = (
    "委员会|管委会|办公室|办事处|领导小组|专班|总工会|工商联|科协|残联|妇联|团委|政法委|编办|网信办|人行|中支|支行|分行|银行|法院|检察院|中心"
    "|集团|公司|海关|支队|总队|调查队|政府|总局|总署|证监会|银保监会|部门|局|委|办|厅|部|署"
)
_FIRM_END = re.compile(rf"(?:{_FIRM_ENDS})(?:[（(〔][^）)〕]*[）)〕])?$")
_FIRM_BEGIN = re.compile(
    r"(?:市|省|县|区|州|旗|镇|乡|各|国家|中国|中央|全国|自治|人行|国务院|共青团|团|妇联|工商联|教育|科技|工业|公安|民政|司法|财政|人力|自然|生态|住房"
    r"|交通|水利|农业|商务|文化|卫生|退役|应急|人民|审计|外交|国防|发展|工信|住建|文旅|卫健|医保|税务|市场|金融|银保监|证监|统计|体育|广电|能源|邮政"
    r"|[一-龥]{2,4}(?:省|市|县|区)|[一-龥]{1,6}(?:税务|海关|证监|银保监|监管))"
)
_BUREAU = re.compile(r"(?!公司|.*公司)[一-龥]{2,10}司|信息中心|[一-龥]{2,8}监(?:管|督)局")
"""Departments inside a ministry, as its own plans name them."""
_HAS_BRANCHES = re.compile(r"(?:总局|总署|人民银行|证监会|银保监会|市委|县委|区委|省委|州委)$")
_HAS_MEMBERS = re.compile(r"(?:小组|专班|指挥部|联席会议|委员会|专项办)$")
_NOT_NAMES = re.compile(
    r"[。！？；;：:]|[，,]|推动|推进(?!.*(?:小组|专班|指挥部|中心|办|委))|建设(?!局|厅|委|部|司|处|科|管理|工程|集团|投资|银行|开发|[（(])|实施|开展|完善|提升|加快"
)

_GROUP = re.compile(
    r"^各(?!界)|成员单位|(?:有关|相关|其他|各级|直属|责任)(?:市级|市直|县级|县直|省级|区级|区直|职能|行业|主管)?(?:部门|单位|委办局|机关|企业|地区)"
    r"|^(?:市|县|区|省)(?:级|直)(?:各|有关|相关)?(?:部门|单位|机关)|^(?:区|县|市|镇|乡|街道)+(?:政府|人民政府|管委会|办事处)?$|(?:地方|各级)(?:各级)?(?:党委和)?(?:人民)?政府"
    r"|^(?:全市|全县|全区)?(?:县|区|市|镇|乡)[、（(].{0,12}(?:政府|街道|[）)])$|^(?:区县|市县|县区|县市|县市区|乡镇|镇街|市州|镇村)(?:两级|各级)?(?:（[^）]*）)?(?:人民)?(?:政府|党委|各部门)?$"
)
_LEVEL = re.compile(
    r"^(?:各)?(?:区|县|市|州|盟|旗|镇|乡|乡镇|街道|县级市|地区|部门|有关部门|单位|有关单位|自治县)(?:[（(][区县市州旗街道镇乡、]+[）)])?"
    r"(?:人民政府|政府|管委会|办事处|党委|党工委)?$"
)
_LEVEL_PART = re.compile(
    r"^各(?:地)?(?:区|县|市|州|盟|旗|镇|乡|乡镇|街道|县级市|自治州|地区)$|^各(?:区|县|市|镇|乡)(?:（[^）]*）)?$"
)

_QUOTED_GROUP = re.compile(r"^(?:市|县|区|省|州)?“[^”]*”[^各]{0,6}?(领导小组.*成员单位)$")

_CENTRAL = re.compile(
    r"^(?!.*(?:组织|宣传|统战|武装|政治|联络|工作|后勤|保障)部)[^市省县区州旗]{2,12}部$|^(?:国家|中国|中央|人民银行|人行|银保监|证监|海关|工信部|国务院|最高)|税务局$|税务总局|海关(?:缉私局)?$|银保监|证监局|人行|人民银行|金融监管(?:总)?局"
    r"|国家金融监督|外汇|海事局|通信管理局|邮政管理局|气象局|调查(?:总)?队|边检|出入境|消防救援|烟草|煤监|地震局|总局$|总署$"
)
_NOT_CENTRAL = re.compile(r"地方金融")
_MINISTRY = re.compile(r"^[^市省县区州]{2,12}(?:部|署|委|总局|局|会)$")
_DISTRICT = re.compile(
    r"(?:^|[^市县区州省])[一-龥]{1,8}(?:区|县|市|州|旗|镇|乡|街道|新区|开发区|高新区|园区)(?:人民政府|政府|管委会|党工委|办事处|党工委、管委会)?$"
)
_OWN_LEVEL = re.compile(r"^(?:市|省|县|区|州|国家|自治区|旗|镇)(?!县|区|市|辖)")

_AND = re.compile(r"以及|及其?|和|与|并")
_NOTES = re.compile(
    r"[，,。；;（(]?\s*(?:其中)?[，,]?(?:列|排|排列|排名|排在|名列|居|位列)(?:在|名)?(?:第一|首|前)位?[的者]?(?:单位|部门)?(?:的)?(?:为|是)[^；;。）)]{0,20}(?:[，,]?下同)?[）)]?。?"
    r"|[，,。；;（(]?\s*(?:以)?(?:列|排|排列|排名|排在|名列|居|位列)?(?:在|名)?(?:第一|首)位?(?:的|者)?(?:单位|部门)?牵头(?:单位|部门)?(?:[，,、]?下同)?[）)]?。?"
    r"|[，,、；;（(]?\s*(?:以下均同|下同)[）)]?。?"
)
_ETC = re.compile(r"等(?:有关|相关|市级|市直|县级|县直|省级|各|责任|职能|多)*(?:部门|单位|委办局|机关|地区)?$|等$")
_LEADING = re.compile(r"^(?:由|请|会同|并|及|和|与|以及|商(?!务|业|会|标|投)|、|，|,|；|;|：|:|\s|。|—|-)+")

LONGEST = 40
"""Characters that no unit's name exceeds."""


def is_unit(name: str) -> bool:
    """Return whether `name` ends like the name of an organisation and says nothing else."""
    return 2 <= len(name) <= LONGEST and bool(_UNIT_END.search(name)) and not _NOT_NAMES.search(_outside(name))


def is_surely_unit(name: str) -> bool:
    """Return whether `name` is a unit even where nothing says that units are listed."""
    firm = (bool(_FIRM_END.search(name)) and bool(_FIRM_BEGIN.match(name))) or bool(_BUREAU.fullmatch(name))
    return is_unit(name) and (firm or is_group(name)) and not re.search(r"^(?:全部|内部|外部|局部|大部|小部)", name)


def is_group(name: str) -> bool:
    """Return whether `name` stands for several units that it does not name (各成员单位, 各区县政府, 有关部门)."""
    return bool(_GROUP.search(name))


def kind_of(name: str, *, is_national: bool = False) -> str:
    """Return municipal, central or district. In a national plan every ministry is central."""
    name = _outside(name)
    if _CENTRAL.search(name) and not _NOT_CENTRAL.search(name):
        return "central"
    if is_national and _MINISTRY.search(name) and not _OWN_LEVEL.search(name):
        return "central"
    return "district" if _DISTRICT.search(name) and not _OWN_LEVEL.search(name) else "municipal"


def without_notes(text: str) -> str:
    """Return `text` without the remark that the first one leads."""
    return _NOTES.sub("", text)


def names(text: str, breaks: Sequence[int] = ()) -> list[str]:
    """Return the units that `text` lists, in order, none twice.

    They may be separated by 、 ， ； spaces, 和 or nothing but the end of a line: `breaks` are offsets in `text` where
    the document had a space or a line's end. 等 and remarks are left out, brackets stay with their name.
    """
    found: list[str] = []
    for part in _levels_joined(_parts(text, breaks)):
        for name in _apart(part):
            name = _clean(name)
            if name and name not in found:
                found.append(name)
    return found


def _clean(name: str) -> str:
    name = _LEADING.sub("", name).strip(" 。，,、；;：:.").rstrip("（(〔[【《“")
    name = _ETC.sub("", name)
    if name.startswith(tuple(_OPEN)) and name.endswith(tuple(_CLOSE)) and _is_closed(name[1:-1]):
        name = name[1:-1]
    name = _without_odd_bracket(name)
    if quoted := _QUOTED_GROUP.match(name):
        return quoted[1]
    return name if re.search(r"[一-龥A-Za-z]", name) else ""


def _is_closed(text: str) -> bool:
    return not any(character in _OPEN + _CLOSE for character in text)


def _without_odd_bracket(name: str) -> str:
    """Return `name` without a bracket whose other half is missing."""
    opened = sum(name.count(character) for character in "（(〔[【")
    closed = sum(name.count(character) for character in "）)〕]】")
    if opened > closed and name[:1] in _OPEN:
        return name[1:]
    return name[:-1] if closed > opened and name[-1:] in _CLOSE else name


def _parts(text: str, breaks: Sequence[int]) -> list[str]:
    """Split at separators outside brackets and quotes, and at breaks between two whole names."""
    cuts = set(breaks)
    parts, start, depth = [], 0, 0
    for offset, character in enumerate(text):
        if offset in cuts and depth == 0 and _is_between_names(text, start, offset):
            parts.append(text[start:offset])
            start = offset
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and character in "、，,；;/|\n\t ":
            parts.append(text[start:offset])
            start = offset + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


def _is_between_names(text: str, start: int, offset: int) -> bool:
    left = text[start:offset]
    right = re.match(r"[^、，,；;/|\s]*", text[offset:])
    following = right[0] if right else ""
    if not is_unit(left) or not _FIRM_END.search(left) or len(left) < 3 or _HAS_BRANCHES.search(left):
        return False
    if not _FIRM_BEGIN.match(following) or (following.startswith("各") and _HAS_MEMBERS.search(left)):
        return False
    first = min((len(following), *(found.end() for found in re.finditer(r"[局委办厅部署]", following))))
    return is_unit(following[:first]) or is_unit(following)


def _levels_joined(parts: list[str]) -> Iterator[str]:
    """Yield the parts, with 各区、县（市）政府 and the like in one piece again."""
    held = ""
    for part in parts:
        if held and _LEVEL.match(_ETC.sub("", part.strip("。"))) and not part.startswith("各"):
            held = f"{held}、{part}"
            if re.search(r"(?:政府|办事处|管委会|党委|单位|部门)$", held):
                yield held
                held = ""
            continue
        if held:
            yield held
        held = part if _LEVEL_PART.match(part.strip()) or part.strip() in ("各地",) else ""
        if not held:
            yield part
    if held:
        yield held


def _apart(part: str) -> Iterator[str]:
    """Yield the names in a part that no mark separates: by 和 between whole names, or a new 市, 省, 各."""
    rest = part
    for found in _AND.finditer(part):
        left, right = rest[: len(rest) - (len(part) - found.start())], part[found.end() :]
        if _FIRM_END.search(left) and is_unit(left) and (is_unit(_ETC.sub("", right)) or is_group(right)):
            yield left
            rest = right
    start = 0
    for found in re.finditer(r"(?<=[局委办厅会行联])(?=市(?!场)|省|各(?!级)|县)", rest):
        left, right = rest[start : found.start()], rest[found.start() :]
        if len(left) >= 3 and is_unit(left) and _is_closed(left) and _FIRM_END.search(_ETC.sub("", right)):
            yield left
            start = found.start()
    yield rest[start:]


def _outside(text: str) -> str:
    """Return `text` without what stands in brackets and quotes."""
    return re.sub(r"[（(〔\[【“《][^）)〕\]】”》]*[）)〕\]】”》]", "", text)
