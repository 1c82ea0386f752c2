"""The bulletin says what the run shows, in good grammar for none, one and many, and nothing that it does not show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from bulletin_cases import BROKEN, DRAFT, PUBLISHED, headings, rows_of, said, the_facts
from chart_cases import a_case, a_district

from config.plan import Plan
from config.terms import AssessmentState, Decision, Level, Population
from documents.bulletin.bulletin import bulletin, explained
from documents.bulletin.demands import demands, problems
from documents.bulletin.facts import Facts, PaperFact
from documents.bulletin.overview import overview
from documents.bulletin.papers import papers
from documents.bulletin.reporting import reporting
from documents.bulletin.standing import results
from documents.bulletin.targets import targets
from documents.bulletin.tasks import tasks
from documents.bulletin.wording import gap, how_many, named, one_by_one, rounding, signed
from documents.charts.places import Standing
from supervision.periods import parse_quarter
from supervision.scoring import read_case

SHANGCHENG, GONGSHU, XIHU = ("330102", "上城区"), ("330105", "拱墅区"), ("330106", "西湖区")
LATE = {"due": "2022-03-31", "completed": "2022-04-06"}
OPEN = {"due": "2022-06-30", "completed": None}


def _three(plan: Plan, **other: Any) -> Facts:
    return the_facts(
        plan,
        a_district(*SHANGCHENG, value="600"),
        a_district(*GONGSHU, value="450"),
        a_district(*XIHU, value="350"),
        **other,
    )


def _units(plan: Plan, **other: Any) -> Facts:
    return the_facts(
        plan,
        a_district("scjg", "市市场监管局", group=None),
        a_district("zjzjj", "浙江证监局", group=None, items_due=[OPEN]),
        a_district("jxj", "市经信局", group=None, items_due=[LATE]),
        population=Population.UNITS,
        **other,
    )


def test_the_sections_stand_in_the_order_of_the_office(hangzhou: Plan) -> None:
    assert headings(bulletin(_three(hangzhou), {})) == [
        "总体情况", "考核结果", "目标任务进度", "重点任务推进", "数据报送", "督办情况", "存在问题", "下一步要求",
    ]  # fmt: skip


def test_what_it_is_follows_from_the_state_of_the_run(hangzhou: Plan) -> None:
    publicity = replace(DRAFT, state=AssessmentState.PUBLICITY, objections_until=date(2022, 8, 1))
    draft, shown, issued = (bulletin(_three(hangzhou, run=run), {}) for run in (DRAFT, publicity, PUBLISHED))

    name = "关于2022年第二季度\n《杭州市小微企业三年成长计划\n（2021—2023年）》实施情况考核的通报"
    assert [paper.title for paper in (draft, shown, issued)] == [f"{name}\n（征求意见稿）", f"{name}\n（公示稿）", name]
    assert draft.signature is not None and draft.signature.day is None and draft.red_head is None
    assert issued.signature is not None and issued.signature.day == date(2022, 8, 9)
    assert issued.red_head == "杭州市“小微企业三年成长计划”推进领导小组办公室"
    assert "公示至2022年8月1日" in said(shown)
    assert "公示" not in said(issued).replace("结果经公示", "")


def test_a_published_correction_speaks_of_its_own_publicity(hangzhou: Plan) -> None:
    run = replace(PUBLISHED, vintage=2, corrects=1)
    assert "更正后的结果经公示，没有收到申诉。" in said(bulletin(_three(hangzhou, run=run), {}))


@pytest.mark.parametrize(
    ("rulings", "told"),
    [
        ((), "结果经公示，没有收到申诉。"),
        ((Decision.REJECTED,), "结果经公示，收到申诉1件，已作出复核决定，未予采纳。"),
        ((Decision.APPROVED,), "结果经公示，收到申诉1件，已作出复核决定，予以采纳。"),
        ((Decision.REJECTED,) * 2, "结果经公示，收到申诉2件，均已作出复核决定，均未予采纳。"),
        ((Decision.APPROVED, Decision.REJECTED), "结果经公示，收到申诉2件，均已作出复核决定，采纳1件。"),
    ],
)
def test_a_published_result_tells_what_became_of_the_objections(
    hangzhou: Plan, rulings: tuple[Decision, ...], told: str
) -> None:
    assert told in said(overview(_three(hangzhou, run=PUBLISHED, rulings=rulings)))
    assert "申诉" not in said(overview(_three(hangzhou, rulings=rulings)))


def test_simulated_runs_say_so(hangzhou: Plan) -> None:
    paper = bulletin(_three(hangzhou, run=replace(DRAFT, simulated=True)), {})

    assert paper.mark == "模拟数据"
    assert "虚构" in paper.closing_note
    assert bulletin(_three(hangzhou), {}).mark == ""


def test_several_are_compared(hangzhou: Plan) -> None:
    text = said(overview(_three(hangzhou)))

    assert "3个区、县（市）平均94.67分。最高的是上城区，100.00分；最低的是西湖区，88.00分；相差12.00分。" in text
    assert "优秀2个（上城区、拱墅区）" in text


def test_one_alone_is_compared_with_nobody(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG))

    text = said(bulletin(facts, {}))

    assert "上城区总分98.40分，等次为优秀。" in text
    assert not any(word in text for word in ("平均9", "最高的", "相差", "交错", "先后次序"))


def test_who_share_a_place_are_named_together(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG), a_district(*GONGSHU), a_district(*XIHU, value="300"))

    assert "最高的是上城区、拱墅区，均为98.40分；最低的是西湖区，" in said(overview(facts))
    assert "交错" not in said(results(facts))


def test_all_alike_are_called_alike(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG), a_district(*GONGSHU))

    assert "各单位总分相同，均为98.40分。" in said(overview(facts))


def test_who_reported_too_little_is_told_apart(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, value=None), a_district(*GONGSHU), a_district(*XIHU))

    text = said(bulletin(facts, {}))

    assert "上城区（报送率33.3%）按权重计算的报送率低于80.0%，列为数据不足，不排位次，等次为不合格，不计入上述" in text
    assert "参加排位的2个区、县（市）平均98.40分" in text
    assert "应报而未报指标数据的有1个，为上城区（1项）" in text
    assert "未报的指标：累计新增小微企业数。" in text
    assert rows_of(results(facts), "2022年第二季度区、县（市）考核得分与位次")[-1]["位次"] == "数据不足"


def test_nobody_ranked_is_no_reason_to_fail(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, value=None), a_district(*GONGSHU, value=None))

    text = said(bulletin(facts, {}))

    assert "平均" not in said(overview(facts))
    assert "不计入上述" not in text
    assert not BROKEN.search(text)


def test_changes_are_told_only_against_the_quarter_before(hangzhou: Plan) -> None:
    now = Standing(parse_quarter("2022Q2"), (("上城区", 1), ("拱墅区", 2), ("西湖区", 3)))
    before = Standing(parse_quarter("2022Q1"), (("拱墅区", 1), ("上城区", 2), ("西湖区", 3)))
    long_ago = replace(before, quarter=parse_quarter("2021Q4"))

    told = said(overview(_three(hangzhou, standings=(before, now), caveats=("两次考核所用的办法不同",))))

    assert (
        "与2022年第一季度相比，位次上升的1个：上城区（第2位升至第1位）；位次下降的1个：拱墅区（第1位降至第2位）；"
        "位次不变的1个。两次考核所用的办法不同。"
    ) in told
    assert "相比" not in said(overview(_three(hangzhou, standings=(long_ago, now))))
    assert "相比" not in said(overview(_three(hangzhou, standings=(now,))))


def test_when_nobody_moved_that_is_said(hangzhou: Plan) -> None:
    now = Standing(parse_quarter("2022Q2"), (("上城区", 1), ("拱墅区", 2), ("西湖区", 3)))

    text = said(overview(_three(hangzhou, standings=(replace(now, quarter=parse_quarter("2022Q1")), now))))

    assert "与2022年第一季度相比，3个区、县（市）的位次均未变化。" in text


def test_adjustments_are_listed_with_their_reasons_and_the_limit(hangzhou: Plan) -> None:
    given = [{"points": "4", "reason": "典型案例"}, {"points": "3.5", "reason": "创新试点"}]
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, adjustments=given), a_district(*GONGSHU))

    text = said(results(facts))

    assert "有加减分的是：上城区（典型案例，+4.00分；创新试点，+3.50分；按上限计+5.00分）。" in text
    assert rows_of(results(facts), "2022年第二季度区、县（市）考核得分与位次")[0]["加减分"] == "+5.00"


@pytest.mark.parametrize(
    ("sums", "said_of_it"),
    [
        ([(Fraction(1, 2), Fraction(1, 4))], ""),
        ([(Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))], "因四舍五入，分项之和与总分相差0.01。"),
        ([(Fraction(1),), (Fraction(1, 8),) * 3], "因四舍五入，分项之和与总分可能相差0.01。"),
        ([(Fraction(1), Fraction(0)), ()], ""),
        ([(Fraction(1, 200),) * 4], "因四舍五入，分项之和与总分相差0.02。"),
        ([], ""),
    ],
)
def test_parts_that_do_not_add_up_as_printed_are_explained(sums: list[tuple[Fraction, ...]], said_of_it: str) -> None:
    assert rounding(sums, "总分") == said_of_it


def test_a_gap_is_the_difference_of_the_percentages_beside_it() -> None:
    assert gap(Fraction(9205, 10000), Fraction(1)) == "低于序时进度7.9个百分点"  # 92.1 % beside 100.0 %


def test_without_adjustments_there_is_no_column_for_them(hangzhou: Plan) -> None:
    row = rows_of(results(_three(hangzhou)), "2022年第二季度区、县（市）考核得分与位次")[0]

    assert "加减分" not in row
    assert list(row) == ["位次", "单位", "目标任务", "重点任务", "数据报送", "督办情况", "总分", "等次", "区间"]


def test_peer_groups_are_ranked_beside_the_whole(hangzhou: Plan) -> None:
    facts = the_facts(
        hangzhou,
        a_district(*SHANGCHENG),
        a_district("330122", "桐庐县", group="县市", value="400"),
        a_district("330127", "淳安县", group="县市", value="300"),
    )

    assert "分组看，区（1个）第一位为上城区；县市（2个）第一位为桐庐县。" in said(results(facts))
    rows = rows_of(results(facts), "2022年第二季度区、县（市）考核得分与位次")
    assert [row["组内"] for row in rows] == ["区第1", "县市第1", "县市第2"]


def test_a_veto_leaves_the_total_and_takes_the_grade(hangzhou: Plan) -> None:
    facts = _three(hangzhou, vetoes={"330102": "统计造假"})

    text = said(bulletin(facts, {}))

    assert "上城区因统计造假被一票否决，总分不变，等次定为不合格。" in text
    assert rows_of(results(facts), "2022年第二季度区、县（市）考核得分与位次")[0]["等次"] == "不合格"
    assert "优秀1个（拱墅区）" in text and "不合格1个（上城区）" in text


def test_a_correction_tells_whose_figures_changed_and_who_moved(hangzhou: Plan) -> None:
    before = a_case([a_district(*SHANGCHENG, value="400"), a_district(*GONGSHU, value="450")])
    run = replace(DRAFT, vintage=2, corrects=1, reason="上城区补报。")
    facts = the_facts(
        hangzhou, a_district(*SHANGCHENG, value="480"), a_district(*GONGSHU, value="450"),
        run=run, earlier=read_case(before),
    )  # fmt: skip

    paper = bulletin(facts, {})
    first, second = rows_of(results(facts), "更正前后对照")

    assert paper.title.startswith("关于更正2022年第二季度")
    assert (
        "本结果更正第1版。更正原因：上城区补报。数据或结果有变动的2个，有2个区、县（市）位次改变，原结果作废。"
        in said(paper)
    )
    assert (first["单位"], first["原位次"], first["现位次"]) == ("上城区", "2", "1")
    assert "实际值由400家改为480家" in first["变动"]
    assert second["变动"] == "本单位数据未变，受其他单位更正或办法变化影响"


def test_goals_are_told_from_what_can_be_added_up(hangzhou: Plan) -> None:
    text = said(targets(_three(hangzhou)))

    assert "考核指标2项，其中2项可由各区、县（市）的数据加总。" in text
    assert "累计新增小微企业数1400家，为目标的46.7%，低于序时进度3.3个百分点。" in text
    assert "该项指标达到应达进度的有上城区；落后或未报的是西湖区。" in text
    (first, second) = rows_of(targets(_three(hangzhou)), "目标任务各项指标完成情况")
    assert first["达到/接近/落后/未报"] == "1/1/1/0"
    assert (first["领先单位"], first["末位单位"]) == ("上城区 120.0%", "西湖区 70.0%")
    assert (second["领先单位"], second["末位单位"]) == ("均为100.0%", "—")


def test_what_nobody_reported_is_not_called_a_rate(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, value=None), a_district(*GONGSHU, value=None))

    text = said(targets(facts))

    assert "考核指标2项，其中1项可由各区、县（市）的数据加总。" in text
    assert "其余1项没有可加总的数据。" in text


def test_a_sum_over_some_says_over_how_many(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, value=None), a_district(*GONGSHU), a_district(*XIHU))

    assert "累计新增小微企业数960家（2个单位合计），为目标的48.0%" in said(targets(facts))


def test_late_and_open_items_are_counted_and_named(hangzhou: Plan) -> None:
    facts = the_facts(
        hangzhou,
        a_district(*SHANGCHENG, items_due=[LATE, OPEN, {"due": "2022-09-30", "completed": None}]),
        a_district(*GONGSHU),
    )

    text = said(tasks(facts))
    rows = rows_of(tasks(facts), "逾期事项")

    assert "2022年1—6月计入考核的交办事项3项，按时办结1项，逾期办结1项，逾期未办结1项，按时办结率33.3%。" in text
    assert "有逾期未办结事项的是上城区。没有批准延期的事项。" in text
    assert [(row["事项"], row["办结"], row["逾期天数"]) for row in rows] == [
        ("事项2（2022年第一季度）", "未办结", "17"), ("事项1（2022年第一季度）", "2022-04-06", "3"),
    ]  # fmt: skip


def test_extensions_are_counted(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG), a_district(*GONGSHU))
    (item,) = facts.items["330102"]
    moved = replace(facts, items={**facts.items, "330102": (replace(item, extensions=2),)})

    assert "批准延期2次，涉及1项（上城区），按批准后的期限考核。" in said(tasks(moved))
    assert [row["延期次数"] for row in rows_of(tasks(moved), "重点任务办结情况（项）")] == ["2", "0"]


def test_extensions_of_items_that_do_not_count_yet_are_not_told(hangzhou: Plan) -> None:
    later = {"due": "2022-08-31"}
    facts = the_facts(hangzhou, a_district(*SHANGCHENG), a_district(*GONGSHU, items_due=[later]))
    extended = {code: tuple(replace(item, extensions=1) for item in items) for code, items in facts.items.items()}

    assert "批准延期1次，涉及1项（上城区），" in said(tasks(replace(facts, items=extended)))


def test_an_item_that_the_ledger_no_longer_has_is_counted_all_the_same(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, items_due=[OPEN]))
    (item,) = facts.items["330102"]

    text = said(tasks(replace(facts, items={"330102": (replace(item, title=None),)})))

    assert "（考核后已调整的事项，见台账）" in text


def test_nobody_late_is_said_and_nothing_is_listed(hangzhou: Plan) -> None:
    facts = _three(hangzhou)

    assert "没有逾期未办结的事项。没有批准延期的事项。" in said(tasks(facts))
    assert "逾期事项" not in said(tasks(facts))
    assert "没有迟报、未报和退回。" in said(reporting(facts))


def test_nothing_due_is_said(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, items_due=[], requests=[]))

    assert said(tasks(facts)) == "2022年1—6月没有应计入考核的交办事项。"
    assert said(reporting(facts)) == "2022年1—6月没有应由区、县（市）报送的报表。"
    assert said(papers(facts)) == "2022年1—6月没有催办，没有发出督办单和通报。"


def test_reporting_is_told_by_unit(hangzhou: Plan) -> None:
    on_time, late, missing = {"late": False}, {"late": True, "returned": 1}, {"late": True, "missing": True}
    facts = the_facts(
        hangzhou, a_district(*SHANGCHENG, requests=[on_time, late]), a_district(*GONGSHU, requests=[on_time, missing])
    )

    text = said(reporting(facts))

    assert "应报4期次，已报3期次，完整率75.0%；按期2期次，及时率50.0%。" in text
    assert "有迟报的是上城区。有未报的是拱墅区。报送后被退回重报的有1期次（上城区）。" in text
    first, second = (list(row.values())[1:] for row in rows_of(reporting(facts), "数据报送情况（期次）"))
    assert first == ["2", "2", "1", "1", "1", "100.0%", "50.0%", "9.20"]
    assert second == ["2", "1", "1", "0", "0", "50.0%", "50.0%", "9.00"]


def test_papers_are_listed_and_those_on_requests_are_not_counted_twice(hangzhou: Plan) -> None:
    signed_on = date(2022, 5, 6)
    found = (
        PaperFact("330102", Level.SUPERVISION_NOTICE, "杭小微办督〔2022〕1号", signed_on, "事项甲", True),
        PaperFact("330105", Level.CIRCULAR, "杭小微办通〔2022〕1号", signed_on, "季报（2022年第一季度）", False),
    )

    text = said(papers(_three(hangzhou, papers=found, urged={"330102": 3, "jxj": 9})))

    assert "2022年1—6月共催办3次，发出督办单1份、通报1份，涉及上城区、拱墅区。" in text
    assert "其中1份因数据报送发出，迟报、未报已在数据报送中扣分，不再重复扣分。" in text


def test_problems_and_demands_follow_from_the_data_alone(hangzhou: Plan) -> None:
    good = the_facts(hangzhou, a_district(*SHANGCHENG, value="500"), a_district(*GONGSHU, value="520"))
    bad = _three(hangzhou)

    assert said(problems(good)) == "本季度考核数据没有反映出需要通报的问题。"
    assert "补齐" not in said(demands(good)) and "逾期" not in said(demands(good))
    assert said(problems(bad)).startswith("一是部分指标进度滞后。加总数未达到应达进度的有1项，")
    assert "二是部分单位差距明显。指标完成率低于80%的有1个区、县（市），为西湖区（1项）。" in said(problems(bad))
    assert "市市场监管局要会同进度落后的区、县（市）" in said(demands(bad))
    assert "2022年第三季度季报的截止日期为2022年10月20日：《区县小微企业成长情况季报》。" in said(demands(bad))


def test_what_a_person_found_to_be_true_is_a_problem(hangzhou: Plan) -> None:
    facts = _three(hangzhou, upheld=(("330102", "T01 与上期相同。"),))

    assert "数据质量问题，经核查属实：上城区，T01 与上期相同。" in said(problems(facts))


def test_member_units_are_appraised_without_targets(hangzhou: Plan) -> None:
    paper = bulletin(_units(hangzhou), {})

    assert "成员单位履职评价的通报" in paper.title
    assert headings(paper) == ["总体情况", "评价结果", "重点任务推进", "数据报送", "督办情况", "存在问题", "下一步要求"]
    assert "考核" not in said(paper)


def test_central_units_are_copied_to_and_get_letters(hangzhou: Plan) -> None:
    found = (
        PaperFact("zjzjj", Level.SUPERVISION_NOTICE, "杭小微办函〔2022〕1号", date(2022, 5, 6), "事项", True),
        PaperFact("jxj", Level.SUPERVISION_NOTICE, "杭小微办督〔2022〕1号", date(2022, 5, 9), "事项", True),
    )
    facts = _units(hangzhou, papers=found)

    paper = bulletin(facts, {})

    assert paper.addressee == "市市场监管局、市经信局"
    assert paper.copied_to[-1] == "浙江证监局"
    assert [row["种类"] for row in rows_of(papers(facts), "督办文书")] == ["督办单", "函"]
    assert "发出督办单1份、函1份" in said(papers(facts))


def test_districts_are_addressed_by_the_name_of_their_group(hangzhou: Plan) -> None:
    everybody = [a_district(unit.code, unit.name) for unit in hangzhou.districts]

    assert bulletin(the_facts(hangzhou, *everybody), {}).addressee == "各区县（市）政府"


def test_the_method_tells_weights_sources_shares_and_rulings(hangzhou: Plan) -> None:
    figures = {
        "T01": {"target": "1000", "value": "480"},
        "T28": {"target": "300", "value": None, "not_applicable": True},
    }
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, figures=figures), a_district(*GONGSHU))
    (attached, *_) = bulletin(facts, {}).attachments

    text = said(attached.blocks)

    assert "自2022年第一季度起执行" in text and "各项数值为办公室裁定" in text
    assert rows_of(attached.blocks, "各部分权重")[0]["权重"] == "60"
    assert "其权重在该单位其他适用指标之间按权重比例分担。" in text and "经认定不适用" in text
    assert "新增小微企业的口径" in text and "office ruling" not in text
    assert facts.result.scheme_hash[:16] in text and facts.result.input_digest[:16] in text


def test_a_component_without_content_says_who_took_its_weight(hangzhou: Plan) -> None:
    facts = the_facts(hangzhou, a_district(*SHANGCHENG, items_due=[]), a_district(*GONGSHU))

    assert "“重点任务”没有可考核内容的有上城区，该部分权重由其他部分按权重比例分担。" in said(
        bulletin(facts, {}).attachments[0].blocks
    )


def test_every_line_is_explained_down_to_the_figure(hangzhou: Plan) -> None:
    supervision = {"supervision_notices": 2, "circulars": 1}
    facts = the_facts(
        hangzhou,
        a_district(
            *SHANGCHENG, items_due=[LATE, OPEN], requests=[{"late": True}, {"late": False}], supervision=supervision,
            adjustments=[{"points": "1", "reason": "典型案例"}],
        ),
        a_district(*GONGSHU),
    )  # fmt: skip

    text = said(explained(facts))

    assert "实际 480 ÷ 应达 500（目标 1000 × 序时进度 0.5），完成率 0.96；" in text
    assert "权重 40 × 0.96 = 38.4 分" in text
    assert "应报2期次，按期且未退回1期次。" in text and "迟报1期次，每期次扣0.5分。" in text
    assert "督办单2份，每份扣1分；通报1份，每份扣2分。" in text
    assert "典型案例：+1.00分。" in text
    assert "没有因事项被督办、通报，不扣分。" in text
    for score in facts.scores:
        assert f"总分{score.total}分" in text


@pytest.mark.parametrize("population", ["districts", "units"])
@pytest.mark.parametrize("run", [DRAFT, PUBLISHED, replace(DRAFT, vintage=2, corrects=1, reason="")])
def test_no_sentence_is_broken_and_nothing_of_the_program_shows(hangzhou: Plan, population: str, run: Any) -> None:
    make = _units if population == "units" else _three
    kind = {"targets": population == "districts"}
    earlier = read_case(a_case([a_district("scjg", "市市场监管局"), a_district(*SHANGCHENG)], **kind))
    cases = [
        make(hangzhou, run=run, earlier=earlier if run.corrects else None),
        make(hangzhou, run=run, vetoes={"330102": "统计造假", "jxj": "虚报"}),
        the_facts(hangzhou, a_district("jxj", "市经信局"), run=run, population=Population(population)),
        the_facts(
            hangzhou,
            a_district("jxj", "市经信局", items_due=[], requests=[]),
            a_district(*SHANGCHENG, items_due=[OPEN]),
            run=run,
            population=Population(population),
        ),
    ]

    for facts in cases:
        for paper in (bulletin(facts, {}), explained(facts)):
            found = BROKEN.search(said(paper))
            assert not found, said(paper)[max(found.start() - 60, 0) : found.end() + 30]


def test_grammar_of_lists_counts_and_gaps() -> None:
    names = list("甲乙丙丁戊己庚")

    assert named(names[:2]) == "甲、乙"
    assert named(names) == "甲、乙、丙、丁、戊、己等7个"
    assert (how_many(0, []), how_many(1, ["甲"])) == ("0个", "1个（甲）")
    assert how_many(7, names) == "7个（甲、乙、丙、丁、戊、己等）"
    assert (signed(Fraction(1)), signed(Fraction(-1, 2)), signed(Fraction(0))) == ("+1.00", "-0.50", "0.00")
    assert one_by_one(["甲。"]) == ("甲。",)
    assert one_by_one(["甲。", "乙。"]) == ("一是甲。", "二是乙。")
    assert gap(Fraction(1, 2), Fraction(1, 2)) == "与序时进度持平"
    assert gap(Fraction(49999, 100000), Fraction(1, 2)) == "略低于序时进度"
    assert gap(Fraction(3, 5), Fraction(1, 2)) == "高于序时进度10.0个百分点"
