"""The bulletin on the portal: 起草 → 审核 → 签发 → 文号 → 送达 → 回执, down to the printed number."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from publication.bench import Bench
from sqlalchemy import select, update
from web_client import Client, words

from config.terms import PaperState
from database import Database, reading, writing
from models import Paper, Plan

Enter = Callable[[str], Client]

NUMBER = "杭小微办通〔2022〕1号"


@pytest.fixture
def run(standing: Database) -> str:
    """The address of a published result; the plan stands at the day after."""
    bench = Bench(standing)
    bench.open()
    bench.publish()
    with writing(standing) as session:
        session.execute(update(Plan).values(demonstrated_until=date(2022, 8, 4)))
    return f"/assessments/{bench.run}"


@pytest.fixture
def paper(run: str, signed_in: Enter) -> str:
    """The address of its bulletin, drafted and reviewed by the clerk."""
    clerk = signed_in("office.clerk")
    address = clerk.post(f"{run}/bulletin").headers["location"]
    assert clerk.post(f"{address}/review", {"from": "paper"}).status_code == 303
    return str(address)


def stored(database: Database) -> Paper:
    with reading(database) as session:
        found = session.scalars(select(Paper)).one()
        session.expunge_all()
        return found


def text_of(content: bytes) -> str:
    return "\n".join(each.text for each in Document(io.BytesIO(content)).paragraphs)


def test_from_the_published_result_to_every_units_receipt(run: str, signed_in: Enter, standing: Database) -> None:
    clerk, leader, district = (signed_in(login) for login in ("office.clerk", "leader.signer", "330102.head"))
    assert "起草通报" in words(clerk.get(run)) and "起草通报" not in words(leader.get(run))
    drafted = clerk.post(f"{run}/bulletin")
    paper = drafted.headers["location"]
    assert "通报已起草" in words(clerk.follow(drafted)) and "签发时编号" in words(clerk.get(paper))
    assert district.get(paper).status_code == 404
    assert "已审核，待签发" in words(clerk.follow(clerk.post(f"{paper}/review", {"from": "paper"})))
    signed = leader.post(f"{paper}/sign", {"from": "paper"})
    assert signed.headers["location"] == paper and NUMBER in words(leader.follow(signed))
    page = words(clerk.get(paper))
    assert "送达 0/13，回执 0/13" in page and "尚未送达" in page
    assert "登记回执" not in words(district.get(paper)), "not before it is served"
    served = {"unit": "330102", "how": "当面送交", "from": "paper"}
    assert clerk.post(f"{paper}/serve", served).status_code == 303
    assert "登记回执" in words(district.get(paper))
    assert district.post(f"{paper}/receipt", {"unit": "330102", "from": "paper"}).status_code == 303
    assert "送达 1/13，回执 1/13" in words(clerk.get(run))
    assert NUMBER in words(district.get(run)) and stored(standing).state is PaperState.ISSUED


def test_the_number_is_printed_on_what_a_unit_downloads(paper: str, signed_in: Enter) -> None:
    signed_in("leader.signer").post(f"{paper}/sign")
    answer = signed_in("330102.head").get(f"{paper}.docx")
    text = text_of(answer.content)
    assert NUMBER in text and "文号待编" not in text and "2022年8月4日" in text


def test_who_reviewed_it_does_not_sign_it(paper: str, signed_in: Enter, standing: Database) -> None:
    answer = signed_in("office.clerk").post(f"{paper}/sign", {"from": "paper"})
    assert answer.status_code == 409 and "由另一人签发" in words(answer)
    assert stored(standing).number is None


def test_a_leader_gives_it_back_with_a_reason_that_the_drafter_reads(paper: str, signed_in: Enter) -> None:
    leader, clerk = signed_in("leader.signer"), signed_in("office.clerk")
    empty = leader.post(f"{paper}/return", {"comment": " ", "from": "paper"})
    assert empty.status_code == 422 and "退回必须写明理由" in words(empty) and "--comment" not in empty.text
    told = leader.follow(leader.post(f"{paper}/return", {"comment": "第三部分数据再核", "from": "paper"}))
    assert "已退回拟稿" in words(told)
    assert "第三部分数据再核" in words(clerk.get("/papers")) and "退回拟稿" in words(clerk.get(paper))
    assert leader.post(f"{paper}/return", {"comment": "又一次"}).status_code == 409
    assert clerk.post(f"{paper}/review").status_code == 303


def test_a_clumsy_handing_over_changes_nothing_and_keeps_what_was_typed(
    paper: str, signed_in: Enter, standing: Database
) -> None:
    clerk = signed_in("office.clerk")
    signed_in("leader.signer").post(f"{paper}/sign")
    for form, status in (
        ({"how": "当面送交"}, 422),
        ({"how": "", "unit": "330102"}, 422),
        ({"how": "当面送交", "unit": "jxj"}, 404),
        ({"how": "当面送交", "unit": "没有这个单位"}, 404),
    ):
        assert clerk.post(f"{paper}/serve", {**form, "from": "paper"}).status_code == status, form
    assert "送达 0/13" in words(clerk.get(paper))
    clerk.post(f"{paper}/serve", {"how": "当面送交", "unit": "330102"})
    again = clerk.post(f"{paper}/serve", {"how": "又送一次", "unit": "330102", "from": "paper"})
    assert again.status_code == 409 and "已送达上城区" in words(again)


def test_a_unit_receipts_no_copy_but_its_own(paper: str, signed_in: Enter) -> None:
    clerk = signed_in("office.clerk")
    signed_in("leader.signer").post(f"{paper}/sign")
    clerk.post(f"{paper}/serve", {"how": "当面送交", "unit": "330102"})
    other = signed_in("330105.head")
    assert other.post(f"{paper}/receipt", {"unit": "330102"}).status_code == 409
    assert "330102" not in other.get(paper).text and "上城区" not in words(other.get(paper))
    stranger = signed_in("jxj.liaison")
    assert stranger.post(f"{paper}/receipt", {"unit": "330102"}).status_code == 404
    assert {stranger.get(address).status_code for address in (paper, f"{paper}.docx", f"{paper}.pdf")} == {404}
    assert "回执 0/13" in words(clerk.get(paper))


def test_what_a_page_says_is_opened_by_a_message_too(paper: str, signed_in: Enter) -> None:
    """Opening the message in the portal serves the copy of the unit, without anybody's doing."""
    signed_in("leader.signer").post(f"{paper}/sign")
    district = signed_in("330102.head")
    inbox = district.get("/inbox").text
    number = max(re.findall(r'href="/inbox/(\d+)"', inbox), key=int)
    message = district.get(f"/inbox/{number}")
    assert NUMBER in words(message) and 'href="/papers"' in message.text
    assert "送达 1/13" in words(signed_in("office.clerk").get(paper))


@pytest.mark.parametrize("step", ["review", "sign", "return", "serve"])
def test_units_take_no_step_of_the_offices(step: str, paper: str, signed_in: Enter, standing: Database) -> None:
    assert signed_in("330102.head").post(f"{paper}/{step}", {"comment": "x", "how": "x"}).status_code == 403
    assert stored(standing).state is PaperState.REVIEWED
