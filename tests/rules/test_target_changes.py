"""What the office changes in targets: whatever it does, the sum is exact and no part exceeds its set."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import BadInput, PlanError, Refused, UnknownName
from config.plan import Plan, load_plan, packaged_plan
from supervision.apportion import (
    Given,
    Overridden,
    Proposed,
    Resplit,
    Standing,
    Table,
    Wanted,
    district_targets,
    family,
    largest_remainder,
    propose,
)

BINJIANG, CHUNAN = "330108", "330127"
OTHER_BASE = "firms"


@cache
def hangzhou() -> Plan:
    """The packaged plan with a second base, made up: every district has as many as its place in the official order."""
    data = load_plan(packaged_plan()).model_dump(mode="json")
    second = {**data["assessment"]["bases"][0], "code": OTHER_BASE, "title": "在册小微企业", "label": "模拟数据"}
    second["shares"] = [
        {"district": share["district"], "value": str(place)} for place, share in enumerate(second["shares"], start=1)
    ]
    data["assessment"]["bases"].append(second)
    return Plan.model_validate(data, context={"stored": True})


DISTRICTS = [district.code for district in hangzhou().districts]


@cache
def as_planned() -> Table:
    lines = district_targets(hangzhou())
    return {(each.indicator, each.district): Standing(each.target, each.base) for each in lines}


def after(table: Table, *wanted: Wanted) -> Table:
    """Return the table after each of `wanted`, one after the other."""
    for each in wanted:
        table = {**table, **{(line.indicator, line.district): line.after for line in propose(hangzhou(), table, each)}}
    return table


def targets(table: Table, code: str) -> dict[str, Decimal]:
    return {district: table[code, district].target for district in DISTRICTS}


def override(district: str, target: object, code: str = "T06", **options: bool) -> Overridden:
    return Overridden(code, district, Decimal(str(target)), **options)


def lines_of(wanted: Wanted) -> tuple[Proposed, ...]:
    return propose(hangzhou(), as_planned(), wanted)


wishes = st.lists(
    st.tuples(
        st.sampled_from(["T01", "T02", "T13", "T14"]),
        st.sampled_from(DISTRICTS),
        st.integers(0, 40).map(lambda each: each * each * each),
        st.booleans(),
        st.sampled_from([None, "population_2020", OTHER_BASE]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40)
@given(wished=wishes)
def test_whatever_the_office_does_the_sum_is_reached_and_parts_stay_within_their_sets(
    wished: list[tuple[str, str, int, bool, str | None]],
) -> None:
    table, plan, loose = as_planned(), hangzhou(), set()
    for code, district, number, flag, base in wished:
        wanted = override(district, number, code, keep_others=flag) if number % 2 else Resplit(code, base, flag)
        try:
            table = after(table, wanted)
        except (Refused, BadInput):
            continue
        loose |= {code} if isinstance(wanted, Overridden) and flag else set()
    for code in ("T01", "T02", "T13", "T14"):
        total, city = sum(targets(table, code).values()), plan.indicator(code).target
        assert total >= city if code in loose else total == city
    for part, whole in (("T02", "T01"), ("T14", "T13")):
        assert all(targets(table, part)[each] <= targets(table, whole)[each] for each in DISTRICTS)


@given(values=st.dictionaries(st.sampled_from(DISTRICTS), st.integers(0, 70), min_size=2, max_size=4))
@settings(max_examples=20)
def test_the_order_in_which_districts_are_set_changes_nothing(values: dict[str, int]) -> None:
    orders = list(permutations(values.items()))[:6]
    found = [after(as_planned(), *_that_differ(order)) for order in orders]
    assert all(each == found[0] for each in found)


def _that_differ(order: tuple[tuple[str, int], ...]) -> list[Wanted]:
    return [override(district, value) for district, value in order]


@given(
    base=st.lists(st.integers(1, 10**6), min_size=2, max_size=13),
    grown=st.integers(0, 12),
    by=st.integers(1, 10**6),
    total=st.integers(0, 10**5),
)
def test_who_has_more_of_the_base_than_before_never_gets_less(base: list[int], grown: int, by: int, total: int) -> None:
    place = grown % len(base)
    larger = [share + by * (each == place) for each, share in enumerate(base)]
    before, now = (
        largest_remainder(Decimal(total), [Decimal(share) for share in shares], quantum=Decimal(1))
        for shares in (base, larger)
    )
    assert now[place] >= before[place]


def test_a_new_base_gives_every_district_its_new_share_and_the_citys_sum() -> None:
    table = after(as_planned(), Resplit("T06", OTHER_BASE))
    # 1000 × n ÷ 91: 10.99 for the first, 142.86 for the last, whose remainder is the smallest of all
    assert (targets(table, "T06")[DISTRICTS[0]], targets(table, "T06")[DISTRICTS[-1]]) == (11, 142)
    assert sum(targets(table, "T06").values()) == 1000
    assert {table["T06", each].base for each in DISTRICTS} == {OTHER_BASE}


def test_a_district_set_by_hand_stays_when_the_rest_is_split_and_goes_when_all_is() -> None:
    by_hand = after(as_planned(), override(BINJIANG, 120))
    assert after(by_hand, Resplit("T06", OTHER_BASE, keep_by_hand=True))["T06", BINJIANG].target == 120
    assert after(by_hand, Resplit("T06")) == as_planned()


def test_setting_one_keeps_the_base_that_was_chosen_for_the_others() -> None:
    table = after(as_planned(), Resplit("T06", OTHER_BASE), override(BINJIANG, 120))
    assert {table["T06", each].base for each in DISTRICTS if each != BINJIANG} == {OTHER_BASE}
    assert sum(targets(table, "T06").values()) == 1000


def test_setting_the_old_number_again_gives_everybody_the_old_number_again() -> None:
    there_and_back = after(as_planned(), override(BINJIANG, 517), override(BINJIANG, 42))
    assert targets(there_and_back, "T06") == targets(as_planned(), "T06")


def test_what_does_not_change_is_not_proposed() -> None:
    changed = lines_of(override(BINJIANG, 43))  # one more than its share: one other district gives one
    assert len(changed) == 2
    assert sum(line.after.target - line.before.target for line in changed if line.before) == 0


def test_others_that_keep_theirs_may_pass_the_citys_target_but_not_miss_it() -> None:
    assert sum(targets(after(as_planned(), override(BINJIANG, 50, keep_others=True)), "T06").values()) == 1008
    with pytest.raises(Refused, match=r"合计 990 少于全市目标 1000（差 10）"):
        lines_of(override(BINJIANG, 32, keep_others=True))


def test_a_set_that_shrinks_somewhere_takes_its_part_along() -> None:
    table = after(as_planned(), override(CHUNAN, 100, "T01"))
    assert (table["T02", CHUNAN].target, sum(targets(table, "T02").values())) == (100, 48000)


def test_a_set_may_shrink_as_long_as_its_part_fits() -> None:
    assert {line.indicator for line in lines_of(override(CHUNAN, 1325, "T01"))} == {"T01"}


def test_a_part_that_stands_by_hand_is_not_changed_along_with_its_set() -> None:
    by_hand = after(as_planned(), override(CHUNAN, 1300, "T02"))
    with pytest.raises(Refused, match="淳安县 T02 的目标 1300 超过其所属的 T01（100）"):
        propose(hangzhou(), by_hand, override(CHUNAN, 100, "T01"))


def test_others_that_keep_theirs_are_not_changed_along_with_a_set_either() -> None:
    loose = after(as_planned(), override(BINJIANG, 20000, "T01", keep_others=True))
    with pytest.raises(Refused, match="淳安县 T02"):
        propose(hangzhou(), loose, override(CHUNAN, 100, "T01", keep_others=True))


def test_a_district_can_be_given_another_rate_than_the_city() -> None:
    [line] = lines_of(override(CHUNAN, "4.5", "T05"))
    assert (line.after, line.source) == (Standing(Decimal("4.5"), by_hand=True), "四（二）：手工指定")


def test_a_district_given_the_citys_rate_again_has_it_like_the_others() -> None:
    own = after(as_planned(), override(CHUNAN, "4.5", "T05"))
    assert after(own, override(CHUNAN, 6, "T05")) == as_planned()
    with pytest.raises(Refused, match="没有可改的"):
        lines_of(override(CHUNAN, 6, "T05"))


def test_a_table_is_taken_as_it_stands_when_it_reaches_the_city() -> None:
    values = {("T06", each): Decimal(80) for each in DISTRICTS}
    table = after(as_planned(), Given(values))
    assert set(targets(table, "T06").values()) == {Decimal(80)}
    with pytest.raises(Refused, match="少于全市目标"):
        lines_of(Given({("T06", each): Decimal(70) for each in DISTRICTS}))


def test_a_table_may_give_a_set_and_its_part_at_once_in_any_order() -> None:
    smaller = {("T14", each): Decimal(0 if each == CHUNAN else 10) for each in DISTRICTS}
    whole = {("T13", each): Decimal(0 if each == CHUNAN else 25) for each in DISTRICTS}
    for values in ({**smaller, **whole}, {**whole, **smaller}):
        assert after(as_planned(), Given(values))["T13", CHUNAN].target == 0


def test_a_table_with_a_part_larger_than_its_set_is_refused() -> None:
    with pytest.raises(Refused, match="淳安县 T14 的目标 9 超过其所属的 T13（8）"):
        lines_of(Given({("T14", CHUNAN): Decimal(9)}))


def test_a_baseline_leaves_the_target_and_how_it_came_about() -> None:
    [line] = lines_of(Given(baselines={("T28", CHUNAN): Decimal(5)}))
    assert line.before is not None
    assert (line.after.target, line.after.base, line.after.baseline) == (line.before.target, "population_2020", 5)
    kept = after(as_planned(), Given(baselines={("T28", CHUNAN): Decimal(5)}), override(CHUNAN, 20, "T28"))
    assert kept["T28", CHUNAN] == Standing(Decimal(20), by_hand=True, baseline=Decimal(5))


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        (Resplit("T05"), Refused, "增速，各区、县（市）之和不等于全市"),
        (Resplit("T17"), Refused, "比率"),
        (Resplit("T27"), Refused, "评定类"),
        (Resplit("T36"), Refused, "不分解到区、县（市）（全市 4 场"),
        (Resplit("T06", "nothing"), UnknownName, "nothing"),
        (Resplit("T06"), Refused, "没有可改的"),
        (override(BINJIANG, 42), None, ""),  # the same number, but from now on by hand
        (override(BINJIANG, 1001), BadInput, "超过全市目标 1000"),
        (override(BINJIANG, 1001, keep_others=True), BadInput, "超过全市目标 1000"),
        (override(BINJIANG, -1), BadInput, "不得为负"),
        (override(BINJIANG, "1.5"), BadInput, "小数位数"),
        (override(BINJIANG, 1, "T36"), Refused, "不分解"),
        (override("jxj", 1), BadInput, "目标只分解到区、县（市）"),
        (override(BINJIANG, 47000, "T02"), Refused, "超过其所属的 T01"),
        (override(BINJIANG, 101, "T37"), BadInput, "超过 100%"),
        (override(BINJIANG, 0, "T05"), BadInput, "必须大于 0"),
        (Given(baselines={("T01", BINJIANG): Decimal(1)}), BadInput, "只有存量指标"),
        (Given(baselines={("T28", BINJIANG): Decimal(-1)}), BadInput, "不得为负"),
        (Given(), Refused, "没有可改的"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(
    wanted: Wanted, error: type[Exception] | None, words: str
) -> None:
    if error is None:
        assert lines_of(wanted)
        return
    with pytest.raises(error, match=words):
        lines_of(wanted)


def test_a_family_is_everything_that_is_part_of_one_another() -> None:
    assert family(hangzhou(), "T14") == family(hangzhou(), "T13") == {"T13", "T14"}
    assert family(hangzhou(), "T06") == {"T06"}


def test_districts_own_baselines_go_before_their_share_of_the_citys() -> None:
    data = hangzhou().model_dump(mode="json")
    known = data["assessment"]["baselines"]
    next(each for each in known if each["indicator"] == "T28")["value"] = "200"
    known.append({**known[0], "indicator": "T28", "district": "淳安县", "value": "50"})
    lines = [x for x in district_targets(Plan.model_validate(data, context={"stored": True})) if x.indicator == "T28"]
    assert next(line.baseline for line in lines if line.district == CHUNAN) == 50
    assert sum(line.baseline or 0 for line in lines) == 200
    known[-1]["value"] = "201"
    with pytest.raises(PlanError, match="已超过全市基期值 200"):
        district_targets(Plan.model_validate(data, context={"stored": True}))


def test_an_indicator_without_a_number_is_passed_on_without_targets() -> None:
    data = hangzhou().model_dump(mode="json")
    entry = next(each for each in data["indicators"] if each["code"] == "T25")
    entry["apportion"] = {"method": "same", "source": "四（二）"}
    plan = Plan.model_validate(data, context={"stored": True})
    assert [line for line in district_targets(plan) if line.indicator == "T25"] == []
    with pytest.raises(Refused, match="没有目标值，只与参照值比较"):
        propose(plan, as_planned(), override(CHUNAN, 1, "T25"))
