"""What a survey found is kept as versions, on each kind of database, and never an answer."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from desk import CLERK, LIAISON, Desk, at, day

from config.clock import day_of
from config.errors import Refused
from database import reading, writing
from supervision.indices.sample import Disposition, Sampled
from supervision.indices.survey import Findings, findings
from supervision.ledger.surveys import KeptSurvey, record_survey
from supervision.queries.people import actor
from supervision.queries.surveys import survey_results

SECRET = 987_654_321


def found(desk: Desk, *, thin: int = 12) -> Findings:
    """Return the findings on a sample in which `thin` construction firms give themselves away by one answer."""
    survey = desk.force.plan.statistics.survey_of("operations")
    sample = [
        Sampled(
            str(k), "层", Disposition.COMPLETE, Fraction(10),
            {"orders_up": Fraction(1), "expects_better": Fraction(0), "employees": Fraction(5), "fees": Fraction(9),
             "revenue": Fraction(SECRET if k < thin else 100)},
            {"industry": "建筑业" if k < thin else "工业" if k < 60 else "其他服务业", "size": "小微"[k % 2] + "型"},
        )
        for k in range(120)
    ]  # fmt: skip
    return findings(survey, "2022Q2", sample, {"层": 1200})


def keep(desk: Desk, digest: str, *, by: str = CLERK, when: str = "2022-07-28") -> KeptSurvey:
    with writing(desk.database) as session:
        who = actor(session, desk.force.tenant_id, by, on=day_of(at(when)))
        return record_survey(session, desk.force, found(desk), digest, by=who, at=at(when))


def test_the_same_files_again_make_no_version_and_others_do(desk: Desk) -> None:
    assert keep(desk, "a") == KeptSurvey(1, False)
    assert keep(desk, "a", when="2022-08-01") == KeptSurvey(1, True)
    assert keep(desk, "b", when="2022-08-02") == KeptSurvey(2, False)
    with pytest.raises(Refused, match="由领导小组办公室记入"):
        keep(desk, "c", by=LIAISON)
    with reading(desk.database) as session:
        asked = {"survey": "operations", "period": "2022Q2"}
        assert len(survey_results(session, desk.force, **asked)) == 2
        assert len(survey_results(session, desk.force, **asked, as_of=day("2022-08-01"))) == 1
    assert desk.is_whole()


def test_nothing_that_is_withheld_can_be_read_in_what_is_kept(desk: Desk) -> None:
    keep(desk, "a")
    with reading(desk.database) as session:
        (kept,) = survey_results(session, desk.force, survey="operations", period="2022Q2")
    assert str(SECRET) not in json.dumps(kept.content)
    (table,) = [t for t in kept.content["tables"] if (t["question"], t["breakdown"]) == ("revenue", "industry")]
    assert [cell["group"] for cell in table["cells"] if cell["value"] is not None] == ["合计", "其他服务业"]
