"""What the files of a survey say: the frame (how many there are in each stratum) and the sample that was drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from config.errors import BadInput
from config.plan.schema.surveys import Question, Survey
from config.terms import FigureState
from supervision.collection.values import read_value
from supervision.exact import exact
from supervision.indices.lines import DataFile, Line, refuse
from supervision.indices.sample import DISPOSITIONS, RESPONDED, Disposition, Sampled

FRAME_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "stratum": ("stratum", "层", "抽样层"),
    "population": ("population", "总体数", "总体单位数"),
}
FRAME_REQUIRED = frozenset(FRAME_COLUMNS)

SAMPLE_REQUIRED = frozenset({"number", "stratum", "disposition"})

_WHOLE = re.compile(r"[0-9]{1,12}")

_YES_NO: Mapping[str, int] = {"1": 1, "是": 1, "0": 0, "否": 0}


def sample_columns(survey: Survey) -> Mapping[str, tuple[str, ...]]:
    """Return the columns of a sampling file: questions and breakdowns by code or title."""
    fixed = {
        "number": ("number", "编号", "样本编号"),
        "stratum": ("stratum", "层", "抽样层"),
        "disposition": ("disposition", "结果", "访问结果"),
        "weight": ("weight", "设计权重", "权数"),
    }
    asked = {question.code: (question.code, question.title) for question in survey.questions}
    groups = {breakdown.code: (breakdown.code, breakdown.title) for breakdown in survey.breakdowns}
    return {**fixed, **asked, **groups}


def sample_required(survey: Survey) -> frozenset[str]:
    """Return the columns that a sampling file must have: all but the design weight."""
    return SAMPLE_REQUIRED | {q.code for q in survey.questions} | {b.code for b in survey.breakdowns}


def read_frame(file: DataFile) -> Mapping[str, int]:
    """Return the number of units of the population by stratum. Raises BadInput with line and column."""
    complaints: list[str] = []
    found: dict[str, int] = {}
    for line in file.lines:
        name, text = line["stratum"], line["population"]
        if not name or name in found:
            complaints.append(f"{file.place(line, 'stratum')}：{f'“{name}”重复' if name else '是空的'}")
        elif not _WHOLE.fullmatch(text) or int(text) < 1:
            complaints.append(f"{file.place(line, 'population')}：“{text}”不是正整数")
        else:
            found[name] = int(text)
    refuse(file.name, complaints)
    return found


def read_sample(file: DataFile, survey: Survey, population: Mapping[str, int]) -> tuple[Sampled, ...]:
    """Return every unit that was drawn, those who did not answer too.

    Without a column of design weights each unit of a stratum stands for (population / drawn) of it. Raises BadInput
    with line and column for a number that stands twice, an unknown stratum, result or group, an answer that is none,
    a weight below 1, and a stratum of which more were drawn than there are.
    """
    complaints: list[str] = []
    drawn = Counter(line["stratum"] for line in file.lines)
    for name, many in drawn.items():
        if name in population and many > population[name]:
            complaints.append(f"层“{name}”抽了 {many} 个，总体只有 {population[name]} 个")
    empty = [name for name in population if not drawn[name]]
    if empty:
        complaints.append(f"层“{'”“'.join(empty)}”没有抽到样本，不能推算总体")
    seen: dict[str, int] = {}
    sample = []
    for line in file.lines:
        reader = _SampleReader(file, survey, population, drawn, line, complaints)
        unit = reader.unit(seen)
        if unit is not None:
            sample.append(unit)
    refuse(file.name, complaints)
    return tuple(sample)


class _SampleReader:
    """One line of a sampling file; what is wrong with it goes to `complaints`."""

    def __init__(
        self,
        file: DataFile,
        survey: Survey,
        population: Mapping[str, int],
        drawn: Mapping[str, int],
        line: Line,
        complaints: list[str],
    ) -> None:
        self.file, self.survey, self.line, self.complaints = file, survey, line, complaints
        self.population, self.drawn = population, drawn

    def unit(self, seen: dict[str, int]) -> Sampled | None:
        """Return the unit of the line; None when anything of it was complained about."""
        before = len(self.complaints)
        number, stratum = self.line["number"], self.line["stratum"]
        if not number:
            self._say("number", "是空的")
        elif number in seen:
            self._say("number", f"“{number}”与第 {seen[number]} 行重复")
        seen.setdefault(number, self.line.number)
        if stratum not in self.population:
            self._say("stratum", f"总体文件里没有层“{stratum}”")
        disposition = self._disposition()
        responded = disposition in RESPONDED
        answers = self._answers() if responded else {}
        groups = self._groups() if responded else {}
        if disposition is Disposition.COMPLETE and len(answers) < len(self.survey.questions):
            blank = [q.title for q in self.survey.questions if q.code not in answers]
            if len(self.complaints) == before:
                self._say("disposition", f"写作“完成”，但没有回答：{'、'.join(blank)}；请改为“部分完成”或补上")
        weight = self._weight(stratum)
        if len(self.complaints) > before or disposition is None or weight is None:
            return None
        return Sampled(number, stratum, disposition, weight, answers, groups)

    def _say(self, column: str, complaint: str) -> None:
        self.complaints.append(f"{self.file.place(self.line, column)}：{complaint}")

    def _disposition(self) -> Disposition | None:
        said = self.line["disposition"]
        for word, disposition in DISPOSITIONS.items():
            if said in (word, disposition.value):
                return disposition
        self._say("disposition", f"“{said}”只能是 {'、'.join(DISPOSITIONS)}")
        return None

    def _weight(self, stratum: str) -> Fraction | None:
        said = self.line["weight"]
        if "weight" not in self.file.headings:
            return Fraction(self.population[stratum], self.drawn[stratum]) if stratum in self.population else None
        try:
            number = read_value(said, "").number
        except BadInput as error:
            self._say("weight", str(error))
            return None
        if number is None or number < 1:
            self._say("weight", f"“{said}”应为不小于 1 的数（抽中概率的倒数）")
            return None
        return exact(number)

    def _answers(self) -> dict[str, Fraction]:
        found = {}
        for question in self.survey.questions:
            try:
                answer = _answer(question, self.line[question.code])
            except BadInput as error:
                self._say(question.code, str(error))
                continue
            if answer is not None:
                found[question.code] = answer
        return found

    def _groups(self) -> dict[str, str]:
        found = {}
        for breakdown in self.survey.breakdowns:
            said = self.line[breakdown.code]
            if said not in breakdown.values:
                self._say(breakdown.code, f"“{said}”只能是 {'、'.join(breakdown.values)}")
            found[breakdown.code] = said
        return found


def _answer(question: Question, text: str) -> Fraction | None:
    """Return the answer; None for a question that was not answered."""
    if question.kind == "share":
        if text and text not in _YES_NO:
            raise BadInput(f"“{text}”只能是 1（是）、0（否）或留空")
        return Fraction(_YES_NO[text]) if text else None
    value = read_value(text, question.unit_of_measure)
    if value.state is FigureState.NOT_APPLICABLE:
        raise BadInput("没有回答请留空")
    return None if value.number is None else exact(value.number)
