"""What people read: every kind of notice in every variant, digests, and names that mean harm."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.clock import ZONE
from config.terms import NoticeKind, UnitKind
from notifications.facts import NoticeFacts, Recipient, Sender
from notifications.messages import SUBJECT_LIMIT, Rendered, render

AT = datetime(2022, 7, 12, 9, 0, tzinfo=ZONE)
LIAISON = Recipient(1, "swj.liaison", "市商务局联络员")
OFFICE = Sender(1, "新市领导小组办公室", "duban@office.example", "https://duban.example/")

HOSTILE = "<script>alert('x')</script>\r\nBcc: all@unit.example\r\n\r\n{{ 7*7 }}{% raw %}\u202e\x00\ud800" + "长" * 300


def a_notice(kind: NoticeKind = NoticeKind.URGE, **changes: Any) -> NoticeFacts:
    values: dict[str, Any] = {
        "notice_id": 1,
        "unit": "市商务局",
        "unit_kind": UnitKind.MUNICIPAL,
        "title": "建设线上交易平台",
        "because": "到期后第1个工作日仍未报请办结",
        "due": date(2022, 6, 30),
        "item_id": 5,
    }
    return NoticeFacts(kind=kind, **{**values, **changes})


def told(*notices: NoticeFacts, to: Recipient = LIAISON, sender: Sender = OFFICE, at: datetime = AT) -> Rendered:
    return render(to, notices or (a_notice(),), sender, at=at)


# --- every kind


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("unit_kind", UnitKind)
@pytest.mark.parametrize("subject", [{"item_id": 5}, {"item_id": None, "request_id": 8}, {"item_id": None}])
@pytest.mark.parametrize("due", [date(2022, 6, 30), date(2022, 7, 12), date(2022, 8, 30), None])
def test_every_kind_of_notice_reads_well_in_every_variant(
    kind: NoticeKind, unit_kind: UnitKind, subject: dict[str, Any], due: date | None
) -> None:
    message = told(a_notice(kind, unit_kind=unit_kind, due=due, **subject))
    for text in (message.text, unescape(message.html)):
        for said in (
            "市商务局",
            "建设线上交易平台",
            "到期后第1个工作日仍未报请办结",
            "新市领导小组办公室",
            "2022年7月12日",
        ):
            assert said in text
        assert "None" not in text
        assert "{" not in re.sub(r'style="[^"]*"', "", text)
    assert "\n\n\n" not in message.text
    assert not re.search(r"[，。；、]{2}|[，；、]\n|（）", message.text), "punctuation left over from an absent part"
    assert message.text.startswith("市商务局联络员：\n\n　　")


@pytest.mark.parametrize("kind", NoticeKind)
def test_text_and_html_say_the_same_sentence(kind: NoticeKind) -> None:
    message = told(a_notice(kind))
    lead = message.text.split("\n")[2].strip("　")
    assert len(lead) > 10
    assert lead in unescape(message.html)


@pytest.mark.parametrize("folder", [*(kind.value for kind in NoticeKind), "digest"])
def test_every_kind_has_its_three_templates(folder: str) -> None:
    templates = files("notifications") / "templates" / folder
    assert {entry.name for entry in templates.iterdir()} == {"subject.txt", "body.txt", "body.html"}


def test_links_lead_to_the_item_or_the_request() -> None:
    assert "https://duban.example/items/5\n" in told(a_notice()).text
    assert "https://duban.example/reports/8\n" in told(a_notice(item_id=None, request_id=8)).text
    assert 'href="https://duban.example/items/5"' in told(a_notice()).html


def test_an_item_is_not_overdue_on_its_due_date() -> None:
    notice = a_notice(NoticeKind.REMIND, due=date(2022, 7, 12))
    assert "逾期" not in told(notice).text
    last = datetime(2022, 7, 12, 23, 59, 59, tzinfo=ZONE)
    assert "逾期" not in told(notice, at=last).text
    assert "已逾期1天" in told(notice, at=last + timedelta(seconds=1)).text


def test_a_reminder_that_comes_late_does_not_say_that_the_date_lies_ahead() -> None:
    assert "将于" not in told(a_notice(NoticeKind.REMIND)).text
    assert "将于2022年8月1日" in told(a_notice(NoticeKind.REMIND, due=date(2022, 8, 1))).text


def test_an_answer_is_never_called_overdue() -> None:
    assert "逾期" not in told(a_notice(NoticeKind.EXTENSION_DECIDED)).text


def test_a_copy_says_that_it_is_one() -> None:
    assert "抄送您知悉" in told(a_notice(NoticeKind.SUPERVISION_NOTICE, of_unit=False)).text
    assert "抄送您知悉" not in told(a_notice(NoticeKind.SUPERVISION_NOTICE)).text


def test_a_signed_paper_bears_its_number() -> None:
    message = told(a_notice(NoticeKind.SUPERVISION_NOTICE, paper_series="新小微办督", paper_year=2022, paper_number=3))
    assert message.subject == "【督办单】新小微办督〔2022〕3号 建设线上交易平台"
    assert "文　　号：新小微办督〔2022〕3号\n" in message.text
    circular = told(a_notice(NoticeKind.CIRCULAR, paper_series="新小微办通", paper_year=2022, paper_number=3))
    assert "新小微办通〔2022〕3号" in circular.subject, "each kind counts for itself, so the number alone is ambiguous"


def test_an_urgent_notice_says_so_in_the_subject() -> None:
    assert told(a_notice(urgent=True)).subject.startswith("【特急】【催办】")


def test_periods_stand_behind_the_title_in_words() -> None:
    assert "建设线上交易平台（2022年第二季度）" in told(a_notice(period="2022Q2")).text


def test_replies_go_where_the_settings_say() -> None:
    assert "本邮箱不接收回复" in told().text
    sender = Sender(1, "办公室", "duban@office.example", "https://d.example", reply_to="office@office.example")
    assert "请直接回复本邮件（office@office.example）" in told(sender=sender).text


# --- who is addressed


@pytest.mark.parametrize("kind", [NoticeKind.URGE, NoticeKind.SUPERVISION_NOTICE, NoticeKind.CIRCULAR])
def test_a_central_unit_is_asked_and_never_chased(kind: NoticeKind) -> None:
    message = told(a_notice(kind, unit="市税务局", unit_kind=UnitKind.CENTRAL, because="已过期限"))
    asked = message.subject + message.text.split("责任单位")[0]
    assert "商请" in asked or "抄送" in asked
    for word in ("催办", "督办", "通报"):
        assert word not in asked


def test_the_plan_says_how_a_kind_of_unit_is_addressed() -> None:
    words = {(UnitKind.MUNICIPAL, NoticeKind.URGE): "提请办理"}
    sender = Sender(1, "办公室", "duban@office.example", "https://d.example", words=words)
    assert told(sender=sender).subject.startswith("【提请办理】")
    assert told(a_notice(unit_kind=UnitKind.DISTRICT), sender=sender).subject.startswith("【催办】")


# --- demonstrations


def test_what_is_made_up_says_so_in_subject_text_and_html() -> None:
    simulated = Sender(1, "办公室", "duban@office.example", "https://d.example", simulated=True)
    made_up = Recipient(1, "a", "甲", synthetic=True)
    for message in (
        told(to=made_up),
        told(sender=simulated),
        told(a_notice(), a_notice(notice_id=2), to=made_up),
    ):
        assert message.subject.startswith("【模拟数据】")
        assert "【模拟数据】" in message.text
        assert "【模拟数据】" in message.html


def test_real_work_is_not_called_made_up() -> None:
    message = told()
    assert "模拟" not in message.subject + message.text + message.html


# --- digests


def test_a_digest_lists_the_longest_overdue_first_then_what_is_due_then_what_is_new_then_answers() -> None:
    message = told(
        a_notice(NoticeKind.ASSIGN, notice_id=1, title="新任务", due=date(2022, 9, 30)),
        a_notice(NoticeKind.EXTENSION_DECIDED, notice_id=2, title="答复", due=date(2022, 6, 1)),
        a_notice(NoticeKind.WARN, notice_id=3, title="明日到期", due=date(2022, 7, 13)),
        a_notice(NoticeKind.URGE, notice_id=4, title="逾期十二天", due=date(2022, 6, 30)),
        a_notice(NoticeKind.URGE, notice_id=5, title="逾期三十天", due=date(2022, 6, 12)),
        a_notice(NoticeKind.REMIND, notice_id=6, title="下周到期", due=date(2022, 7, 19)),
    )
    order = ["逾期三十天", "逾期十二天", "明日到期", "下周到期", "新任务", "答复"]
    for text in (message.text, message.html):
        places = [text.index(title) for title in order]
        assert places == sorted(places)
    assert message.subject == "【督办提示】6项，其中逾期2项（2022年7月12日）"
    assert re.findall(r"^[一二三四]、.*$", message.text, re.MULTILINE) == [
        "一、已逾期（2项）",
        "二、即将到期（2项）",
        "三、新交办、退回和报送任务（1项）",
        "四、答复与变更（1项）",
    ]


def test_a_digest_says_for_each_entry_why_and_where() -> None:
    message = told(a_notice(item_id=5), a_notice(notice_id=2, item_id=6, because="另一个缘由"))
    for said in ("items/5", "items/6", "到期后第1个工作日仍未报请办结", "另一个缘由"):
        assert said in message.text
        assert said in message.html
    assert "\n\n\n" not in message.text


def test_a_digest_of_nothing_late_does_not_speak_of_being_late() -> None:
    message = told(*(a_notice(NoticeKind.ASSIGN, notice_id=n, due=date(2022, 9, 30)) for n in (1, 2)))
    assert "逾期" not in message.subject + message.text


def test_one_notice_alone_goes_in_its_own_form() -> None:
    assert told(a_notice()).subject == "【催办】建设线上交易平台，已逾期12天"


def test_a_message_about_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="没有可以发送的通知"):
        render(LIAISON, (), OFFICE, at=AT)


# --- names that mean harm


def test_hostile_names_stay_text() -> None:
    notice = a_notice(title=HOSTILE, unit=HOSTILE, because=HOSTILE, period=HOSTILE)
    for message in (
        told(notice, to=Recipient(1, "a", HOSTILE)),
        told(notice, a_notice(notice_id=2), to=Recipient(1, "a", HOSTILE)),
    ):
        assert "<script" not in message.html
        assert "{{ 7*7 }}" in message.html
        assert "49" not in message.subject
        assert not set("\r\n\x00\u202e") & set(message.subject)
        assert len(message.subject) <= SUBJECT_LIMIT
        for text in (message.text, message.html):
            text.encode("utf-8")
            assert "\r" not in text
            assert "\u202e" not in text
            assert not re.search(r"^Bcc:", text, re.MULTILINE)


@given(
    kind=st.sampled_from(NoticeKind),
    title=st.text(max_size=400),
    because=st.text(max_size=400),
    name=st.text(max_size=200),
    due=st.dates(date(2020, 1, 1), date(2026, 1, 1)),
)
def test_whatever_the_words_the_subject_is_one_bounded_line_and_the_html_holds_no_foreign_tag(
    kind: NoticeKind, title: str, because: str, name: str, due: date
) -> None:
    message = told(a_notice(kind, title=title, because=because, unit=name, due=due), to=Recipient(1, "a", name))
    assert len(message.subject) <= SUBJECT_LIMIT
    assert len(message.subject.splitlines()) <= 1
    foreign = set(re.findall(r"<\s*/?\s*([a-z]+)", message.html.lower())) - {
        "html", "head", "meta", "title", "body", "div", "p", "table", "tr", "td", "strong", "a", "span", "br",
    }  # fmt: skip
    assert not foreign
    (message.text + message.html).encode("utf-8")


@given(
    st.lists(
        st.tuples(st.sampled_from(NoticeKind), st.dates(date(2022, 6, 1), date(2022, 8, 30)) | st.none()),
        min_size=2,
        max_size=12,
    )
)
def test_a_digest_holds_every_notice_once_and_nothing_late_stands_below_what_is_not(
    found: list[tuple[NoticeKind, date | None]],
) -> None:
    notices = [a_notice(kind, notice_id=n, title=f"事项甲{n}乙", due=due) for n, (kind, due) in enumerate(found)]
    text = told(*notices).text
    assert sorted(int(n) for n in re.findall(r"事项甲(\d+)乙", text)) == list(range(len(notices)))
    entries = re.split(r"\n(?=\d+．)", text)[1:]
    late = ["已逾期" in entry.split("收件缘由")[0] for entry in entries]
    assert late == sorted(late, reverse=True)
