"""A unit mails its workbook back: it is filed once, under the same rules as an upload, and the sender is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme
from form_workbooks import Form, form_of
from imap_server import ImapServer
from mailed import FIGURES, HEAD, LIAISON, OURS, SECRET, Correspondence, Listening, Sink, a_sheet_file, reaching
from mails import plain_of
from reporting_office import Office, at
from sqlalchemy import select
from sqlmodel import col

from config.errors import BadInput, NotFetched, Refused
from config.terms import DeliveryStatus
from database import chain, reading, writing
from flows.by_mail import fetching
from flows.by_mail.fetched import MailFailed
from models import IncomingMail, Person, Plan
from notifications.incoming import ANSWERS_A_DAY
from notifications.mailbox import ReplyBox
from notifications.outbox import deliver
from notifications.tokens import Asked, reply_number, reply_reference
from supervision.ledger import people
from supervision.ledger.reporting import drafts

DONE, UNDONE = "督办已办", "督办未办"


@pytest.fixture(scope="session")
def imap() -> Iterator[ImapServer]:
    """A real IMAP server."""
    server = ImapServer().start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def listening() -> Iterator[Listening]:
    """A real SMTP server."""
    found = Listening(Sink(), hostname="127.0.0.1", port=0)
    found.start()
    yield found
    found.stop()


def correspondence(office: Office, imap: ImapServer, listening: Listening, home: Path) -> Correspondence:
    mailbox, sink = imap.new_mailbox(), listening.handler
    sink.received.clear()
    return Correspondence(office, mailbox, sink, reaching(mailbox, home, listening.port))


@pytest.fixture
def post(office: Office, imap: ImapServer, listening: Listening, tmp_path: Path) -> Correspondence:
    """The office on each kind of database, with an empty mailbox."""
    return correspondence(office, imap, listening, tmp_path)


@pytest.fixture
def letters(desk: Office, imap: ImapServer, listening: Listening, tmp_path: Path) -> Correspondence:
    """The same on SQLite alone, for what no database can change."""
    return correspondence(desk, imap, listening, tmp_path)


# --- filing


def test_the_heads_workbook_is_filed_and_the_head_is_told(post: Correspondence) -> None:
    sent = post.send(("上城区.xlsx", post.workbook()), by=HEAD)
    fetched = post.fetch()
    assert fetched.outcomes == {"filed": 1} and fetched.answered.sent == 1
    [version] = post.office.versions(post.number)
    assert version.file_name == "上城区.xlsx"
    [(to, text)] = post.answers()
    assert to == f"{HEAD}@unit.example"
    assert "上城区2022年第二季度" in text and "已收到，为第1次报送，共2个数值" in text
    [answer] = post.sink.received
    assert answer["In-Reply-To"] == sent["Message-ID"] and answer["Auto-Submitted"] == "auto-replied"
    assert post.number_of() in answer["Subject"]
    assert post.mailbox.held() == [] and len(post.mailbox.held(DONE)) == 1
    assert [event.action for event in post.office.events(post.number)][-2:] == ["submit", "receive_mail"]
    with reading(post.office.database) as session:
        assert chain.verify(session, post.office.force.tenant_id) == []


def test_the_liaisons_workbook_waits_for_the_head(post: Correspondence) -> None:
    post.send(("上城区.xlsx", post.workbook()), by=LIAISON)
    assert post.fetch().outcomes == {"to_confirm": 1}
    assert post.office.versions(post.number) == []
    draft = post.draft()
    assert draft is not None and draft.asked_at is not None
    assert draft.cells["T01/330102"] == {"value": "480", "note": "已核对"}
    [(_, text)] = post.answers()
    assert "已送本单位分管负责人" in text and "确认之后才算报送" in text and "2022年7月20日前" in text
    post.send(("上城区.xlsx", post.workbook()), by=LIAISON)
    assert post.fetch("07-05").outcomes == {"unchanged": 1}, "the same figures are asked about once"


def test_without_a_head_the_liaisons_workbook_is_filed(post: Correspondence) -> None:
    with writing(post.office.database) as session:
        people.disable(session, post.office.force.tenant_id, login=HEAD, at=at("07-03"), by="console")
    post.send(("上城区.csv", a_sheet_file()), by=LIAISON)
    assert post.fetch().outcomes == {"filed": 1}
    assert len(post.office.versions(post.number)) == 1


def test_the_same_mail_is_filed_once_however_often_it_comes(post: Correspondence) -> None:
    mail = post.send(("上城区.xlsx", post.workbook()), by=HEAD)
    post.fetch()
    post.mailbox.put(mail.as_bytes())
    assert post.fetch("07-05").outcomes == {}
    post.send(("上城区.xlsx", post.workbook()), by=HEAD)
    assert post.fetch("07-05").outcomes == {"unchanged": 1}, "another mail with the same content changes nothing"
    assert len(post.office.versions(post.number)) == 1
    assert len(post.answers()) == 2 and post.mailbox.held() == []


def test_what_is_killed_before_the_mail_is_moved_or_answered_is_finished_by_the_next_run(
    post: Correspondence, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    post.send(("上城区.xlsx", post.workbook()), by=HEAD)
    with monkeypatch.context() as patch:
        patch.setattr(ReplyBox, "file_away", killed)
        with pytest.raises(Killed):
            post.fetch()
    assert len(post.office.versions(post.number)) == 1 and post.answers() == []
    assert post.fetch("07-05").outcomes == {}
    assert len(post.office.versions(post.number)) == 1 and len(post.answers()) == 1
    assert len(post.mailbox.held(DONE)) == 1
    with monkeypatch.context() as patch:
        post.send(("上城区.xlsx", post.workbook(FIGURES | {"T01": 481})), by=HEAD)
        patch.setattr("flows.by_mail.fetching.incoming.keep", killed)
        with pytest.raises(Killed):
            post.fetch("07-06")
    assert len(post.office.versions(post.number)) == 1, "no row of the mail, no filing"
    post.fetch("07-06")
    assert len(post.office.versions(post.number)) == 2


def test_two_that_look_into_the_mailbox_at_once_file_once(post: Correspondence) -> None:
    for number in range(3):
        post.send(("上城区.xlsx", post.workbook(FIGURES | {"T01": 480 + number})), by=HEAD)
    with ThreadPoolExecutor(2) as pool:
        both = [each.result() for each in [pool.submit(post.fetch) for _ in range(2)]]
    assert sum(fetched.outcomes.get("filed", 0) for fetched in both) == 3
    assert len(post.rows()) == 3 and len(post.answers()) == 3
    assert post.mailbox.held() == []


def test_faulty_cells_are_mailed_back_by_their_names_in_the_workbook(post: Correspondence) -> None:
    book = Form(form_of(post.office)).fill({"T01": "约五百", "T02": -3})
    post.send(("上城区.xlsx", book.saved()), by=LIAISON)
    assert post.fetch().outcomes == {"refused": 1}
    [(_, text)] = post.answers()
    assert "没有收下，未作任何改动" in text and "2处需要改正" in text
    assert f"{book.cell('T01', '本期值')}：" in text and f"{book.cell('T02', '本期值')}：" in text
    assert post.draft() is None and post.office.versions(post.number) == []
    assert len(post.mailbox.held(UNDONE)) == 1


def test_what_the_ledger_refuses_is_told_and_leaves_nothing_behind(post: Correspondence) -> None:
    post.send(("上城区.xlsx", post.workbook()), by=HEAD)
    post.fetch()
    post.office.confirm(post.number, "07-05")
    post.send(("上城区.xlsx", post.workbook(FIGURES | {"T01": 490})), by=HEAD)
    post.send(("上城区.xlsx", post.workbook(FIGURES | {"T01": 491})), by=LIAISON)
    assert post.fetch("07-06").outcomes == {"refused": 2}
    assert all("没有收下" in text for _, text in post.answers()[1:])
    assert "已审核通过" in post.answers()[1][1]
    assert post.draft() is None


# --- who may


def lend(post: Correspondence, owner: str, to: str) -> None:
    with writing(post.office.database) as session:
        people.delegate(
            session, post.office.force.tenant_id, login=owner, to=to, since=at("07-04").date(),
            until=at("07-05").date(), reason="出差", at=at("07-04"), by="console",
        )  # fmt: skip


def test_whoever_stands_in_files_in_the_name_of_the_owner(post: Correspondence) -> None:
    lend(post, HEAD, "330105.head")
    post.send(("上城区.xlsx", post.workbook()), by="330105.head")
    assert post.fetch().outcomes == {"filed": 1}
    assert post.office.events(post.number)[-1].acting_for == HEAD
    post.send(("上城区.xlsx", post.workbook(FIGURES | {"T01": 490})), by="330105.head")
    assert post.fetch("07-06").outcomes == {"refused": 1}, "the delegation has ended"


def test_another_units_people_and_strangers_file_nothing(letters: Correspondence) -> None:
    letters.send(("上城区.xlsx", letters.workbook()), by="330105.head")
    letters.send(("上城区.xlsx", letters.workbook()), by="stranger@elsewhere.example")
    assert letters.fetch().outcomes == {"refused": 2}
    [(to, text)] = letters.answers()
    assert to == "330105.head@unit.example" and "您现在不是该单位的报送人员" in text
    assert "不是在册人员的邮箱" in letters.rows()[1][1]


def test_a_shared_address_is_not_taken_for_the_heads_word(letters: Correspondence) -> None:
    set_address(letters, (LIAISON, HEAD), "office@unit.example")
    letters.send(("上城区.xlsx", letters.workbook()), by="office@unit.example")
    assert letters.fetch().outcomes == {"to_confirm": 1}


def set_address(post: Correspondence, logins: tuple[str, ...], address: str) -> None:
    with writing(post.office.database) as session:
        for person in session.scalars(select(Person).where(col(Person.login).in_(logins))):
            person.email = address


@pytest.mark.parametrize("subject", ["季报", "[DB1-1-AAAAAAAAAAAAAAAA]"])
def test_a_sender_without_the_reply_number_is_refused(letters: Correspondence, subject: str) -> None:
    letters.send(("上城区.xlsx", letters.workbook()), by=HEAD, subject=subject)
    assert letters.fetch().outcomes == {"refused": 1}
    assert letters.office.versions(letters.number) == []
    assert "没有有效的回信编号" in letters.answers()[0][1]


def test_a_number_of_another_installation_is_no_number(letters: Correspondence) -> None:
    foreign = reply_number("another-secret-of-16", Asked(letters.office.force.plan_id, letters.number))
    letters.send(("上城区.xlsx", letters.workbook()), by=HEAD, subject=f"[{foreign}]")
    assert letters.fetch().outcomes == {"refused": 1}


def test_what_our_own_server_calls_forged_is_refused_and_not_answered(letters: Correspondence) -> None:
    failed = {"Authentication-Results": "mx.office.example; spf=fail smtp.mailfrom=x; dkim=none"}
    elsewhere = {"Authentication-Results": "mx.elsewhere.example; dmarc=fail"}
    passed = {"Authentication-Results": "mx.office.example 1; dkim=fail; spf=pass; dmarc=pass (p=none) header.from=x"}
    for headers in (failed, elsewhere, passed):
        letters.send(("上城区.xlsx", letters.workbook()), by=HEAD, headers=headers)
    fetched = letters.fetch(mail_authentication_server="mx.office.example")
    assert fetched.outcomes == {"refused": 1, "filed": 1, "unchanged": 1}
    assert "没有通过邮件服务器的验证（spf=fail）" in letters.rows()[0][1]
    assert len(letters.answers()) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"X-Autoreply": "yes"}},
        {"headers": {"Return-Path": "<>"}},
        {"by": "MAILER-DAEMON@unit.example"},
        {"by": OURS},
        {"by": "a@unit.example, b@unit.example"},
    ],
)
def test_programs_are_neither_served_nor_answered(letters: Correspondence, changes: dict[str, Any]) -> None:
    letters.send(("上城区.xlsx", letters.workbook()), **{"by": HEAD, **changes})
    assert letters.fetch().outcomes == {"ignored": 1}
    assert letters.answers() == [] and letters.office.versions(letters.number) == []
    assert len(letters.mailbox.held(UNDONE)) == 1


def test_a_loop_ends_after_so_many_answers_a_day(letters: Correspondence) -> None:
    for _ in range(ANSWERS_A_DAY + 2):
        letters.send(by=HEAD)
    letters.fetch()
    assert len(letters.answers()) == ANSWERS_A_DAY
    assert "不再答复" in letters.rows()[-1][1] and "不再答复" not in letters.rows()[ANSWERS_A_DAY - 1][1]


# --- which request


def test_the_number_may_come_back_in_subject_thread_or_quoted_text(letters: Correspondence) -> None:
    reference = reply_reference(SECRET, Asked(letters.office.force.plan_id, letters.number), "office.example")
    ways: list[dict[str, Any]] = [
        {"subject": f"答复: {letters.number_of().lower()}"},
        {"subject": "季报", "headers": {"References": f"<a@b> {reference}"}},
        {"subject": "季报", "headers": {"In-Reply-To": reference}},
        {"subject": "季报", "body": f"报表见附件\n> 回信编号：{letters.number_of()}\n"},
    ]
    for number, way in enumerate(ways):
        letters.send(("上城区.xlsx", letters.workbook(FIGURES | {"T01": 480 + number})), by=HEAD, **way)
    assert letters.fetch().outcomes == {"filed": 4}
    assert all(answer["Subject"].count(letters.number_of()) == 1 for answer in letters.sink.received)


def test_of_several_numbers_the_form_itself_says_which_is_meant(letters: Correspondence) -> None:
    other = letters.number_of(letters.request("330105"))
    both = {"subject": "季报", "body": f"{other} {letters.number_of()}"}
    letters.send(("上城区.xlsx", letters.workbook()), by=HEAD, **both)
    letters.send(("上城区.csv", a_sheet_file()), by=HEAD, **both)
    assert letters.fetch().outcomes == {"filed": 1, "refused": 1}
    assert "来信涉及多份报表" in letters.answers()[1][1]


def test_the_form_of_another_unit_is_refused(letters: Correspondence) -> None:
    other = Form(form_of(letters.office, unit="西湖区")).fill(FIGURES).saved()
    letters.send(("西湖区.xlsx", other), by=HEAD)
    assert letters.fetch().outcomes == {"refused": 1}
    assert "西湖区2022年第二季度" in letters.answers()[0][1] and "不是上城区" in letters.answers()[0][1]


def test_mail_about_another_plan_stays_for_that_plan(letters: Correspondence) -> None:
    number = reply_number(SECRET, Asked(letters.office.force.plan_id + 1, letters.number))
    letters.send(("上城区.xlsx", letters.workbook()), by=HEAD, subject=f"[{number}]")
    fetched = letters.fetch()
    assert (fetched.outcomes, fetched.passed) == ({}, 1)
    assert len(letters.mailbox.held()) == 1 and letters.rows() == []


def test_what_was_typed_after_the_mail_came_in_stands(letters: Correspondence) -> None:
    letters.send(("上城区.xlsx", letters.workbook()), by=LIAISON)
    with writing(letters.office.database) as session:
        drafts.save_draft(
            session, letters.office.force, letters.number, {"T01/330102": {"value": "470", "note": ""}},
            by=letters.office.who(session, LIAISON, at("07-04")), at=at("07-04").replace(year=2999), revision=0,
        )  # fmt: skip
    assert letters.fetch().outcomes == {"refused": 1}
    draft = letters.draft()
    assert draft is not None and draft.cells["T01/330102"]["value"] == "470"


# --- odd mails


OLD = b"\xd0\xcf\x11\xe0" + b"x" * 100


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "来信没有附报表"),
        ([("报表.xls", OLD)], "旧版 .xls"),
        ([("报表.xlsx", OLD)], "旧版 .xls 或加密"),
        ([("报表.zip", b"PK\x03\x04x")], "是压缩包，请解压"),
        ([("报表.xlsx", b"PK\x03\x04broken")], "报表.xlsx"),
        ([("报表.xlsx", b"")], "空文件"),
        ([("winmail.dat", b"x")], "winmail.dat"),
        ([("报表.pdf", b"%PDF")], "不是报表，报送只收 .xlsx 和 .csv"),
        ([("甲.csv", b"indicator,value\nT01,1\n"), ("乙.csv", b"indicator,value\nT01,2\n")], "一封邮件只附一份"),
        ([("说明", b"x")], "不是报表"),
    ],
)
def test_what_is_no_workbook_gets_one_clear_answer(
    letters: Correspondence, files: list[tuple[str, bytes]], said: str
) -> None:
    letters.send(*files, by=HEAD)
    assert letters.fetch().outcomes == {"refused": 1}
    [(_, text)] = letters.answers()
    assert said in text and "没有收下" in text
    assert len(letters.mailbox.held(UNDONE)) == 1


def test_a_mail_inside_a_mail_is_not_opened(letters: Correspondence) -> None:
    outer = letters.letter(by=HEAD)
    outer.add_attachment(letters.letter(("上城区.xlsx", letters.workbook()), by=HEAD))
    letters.mailbox.put(outer.as_bytes())
    assert letters.fetch().outcomes == {"refused": 1}
    assert "夹在转发的邮件里" in letters.answers()[0][1]


def test_a_mail_that_is_too_large_is_answered_without_being_read(letters: Correspondence) -> None:
    letters.send(("上城区.xlsx", b"x" * 3 * 2**20), by=HEAD)
    assert letters.fetch(upload_megabytes=1).outcomes == {"refused": 1}
    assert "不得超过 1 MB" in letters.answers()[0][1]


def test_other_files_beside_the_workbook_are_named_as_unread(letters: Correspondence) -> None:
    letters.send(("上城区.xlsx", letters.workbook()), ("证明.pdf", b"%PDF"), by=HEAD)
    assert letters.fetch().outcomes == {"filed": 1}
    assert "其他附件（证明.pdf）没有读取" in letters.answers()[0][1]


def test_a_mail_of_parts_within_parts_is_refused_like_any_other(letters: Correspondence) -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000))
    head = f"From: {HEAD}@unit.example\nSubject: [{letters.number_of()}]\nMessage-ID: <deep@x>\n"
    letters.mailbox.put((head + deep).encode())
    assert letters.fetch().outcomes == {"refused": 1}


# --- when something is in the way


def test_an_answer_that_cannot_go_out_is_tried_again(letters: Correspondence) -> None:
    letters.send(("上城区.xlsx", letters.workbook()), by=HEAD)
    fetched = letters.fetch(smtp_port=1)
    assert fetched.outcomes == {"filed": 1} and (fetched.answered.sent, fetched.answered.failed) == (0, 1)
    assert letters.fetch("07-04 10:01").answered.sent == 0, "not yet due"
    assert letters.fetch("07-04 10:06").answered.sent == 1
    assert letters.fetch("07-04 11:00").answered.sent == 0
    with reading(letters.office.database) as session:
        assert session.scalars(select(col(IncomingMail.answer_status))).one() is DeliveryStatus.DELIVERED


def test_one_mail_that_cannot_be_decided_on_does_not_keep_the_others(
    letters: Correspondence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(session: Any, force: Any, mail: Any, **keys: Any) -> Any:
        if "unlucky" in mail.letter.subject:
            raise ZeroDivisionError("a mistake of ours")
        return judge(session, force, mail, **keys)

    judge = fetching.judge
    monkeypatch.setattr(fetching, "judge", judged)
    letters.send(by=HEAD, subject=f"unlucky {letters.number_of()}")
    letters.send(("上城区.xlsx", letters.workbook()), by=HEAD)
    with pytest.raises(MailFailed, match=r"1 封来信没有办成，仍留在收信邮箱.*a mistake of ours") as failed:
        letters.fetch()
    assert failed.value.fetched.outcomes == {"filed": 1} and len(letters.answers()) == 1
    assert len(letters.mailbox.held()) == 1
    monkeypatch.undo()
    assert letters.fetch().outcomes == {"refused": 1}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"imap_host": ""}, "DUBAN_IMAP_HOST"),
        ({"imap_tls": "ssl"}, "imap_tls 应为"),
        ({"imap_host": "mail.example"}, "只可用于本机"),
        ({"reply_secret": "short"}, "reply_secret"),
        ({"mail_from": "x", "mail_reply_to": "x"}, "mail_reply_to"),
        ({"imap_done_folder": "INBOX"}, "不能与第一个相同"),
    ],
)
def test_settings_that_cannot_work_say_what_to_set(letters: Correspondence, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        letters.fetch(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"imap_password": "another-word"}, "不接受登录：请检查 imap_user 和 imap_password"),
        ({"imap_folder": "没有"}, "打不开文件夹“没有”"),
        ({"imap_port": 1}, "连不上"),
        ({"imap_tls": "tls"}, "imap_tls"),
        ({"imap_tls": "starttls"}, "imap_tls"),
    ],
)
def test_a_server_that_does_not_let_us_in_is_named_without_the_password(
    letters: Correspondence, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(NotFetched, match=said) as refusal:
        letters.fetch(**changes)
    assert letters.settings.imap_password not in str(refusal.value) and "another-word" not in str(refusal.value)


def test_a_demonstration_reads_no_mail(letters: Correspondence) -> None:
    with writing(letters.office.database) as session:
        session.scalars(select(Plan)).one().demonstrated_until = at("07-04").date()
    with pytest.raises(Refused, match="演示计划不收取邮件"):
        letters.fetch()


# --- from the notice to the answer


def test_a_reply_to_the_notice_itself_is_enough(letters: Correspondence) -> None:
    office, force = letters.office, letters.office.force
    sending = deliver(
        office.database, letters.settings, tenant_id=force.tenant_id, plan_id=force.plan_id, at=at("07-04"),
        working_time=force.working_time,
    )  # fmt: skip
    asyncio.run(sending)
    notice = next(mail for mail in letters.sink.received if mail["X-To"] == f"{LIAISON}@unit.example")
    text = plain_of(notice)
    assert letters.number_of() in text and letters.number_of() in notice["References"]
    assert "直接回复本邮件" in text and notice["Reply-To"] == OURS
    letters.sink.received.clear()
    thread = {"References": f"{notice['References']} {notice['Message-ID']}", "In-Reply-To": str(notice["Message-ID"])}
    subject = f"回复：{notice['Subject']}"
    letters.send(("上城区.xlsx", letters.workbook()), by=LIAISON, subject=subject, headers=thread)
    assert letters.fetch().outcomes == {"to_confirm": 1}
    assert len(letters.answers()) == 1


def test_the_mailbox_is_reached_over_tls_that_is_trusted_and_no_other(letters: Correspondence, tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = ImapServer((tmp_path / "cert.pem", tmp_path / "key.pem")).start()
    try:
        reach: dict[str, Any] = {"imap_port": server.port, "imap_tls": "starttls"}
        assert letters.fetch(**reach, imap_ca_file=str(tmp_path / "ca.pem")).outcomes == {}
        with pytest.raises(NotFetched, match="imap_ca_file"):
            letters.fetch(**reach)
    finally:
        server.stop()
