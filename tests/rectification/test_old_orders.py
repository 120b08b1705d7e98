"""A brigade's ledger of former orders on its way in: nothing is corrected in silence, nothing comes twice."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import run_all
from app.core.tables import read_sheets
from app.imports import queries as lists
from app.imports.models import ImportRow, ImportRun, ImportState, Verdict
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind
from app.rectification.service import links
from app.rectification.service import old_order_acts as acts
from app.rectification.service import old_orders as service
from tests.browse import Page
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import old_orders as ledger

FILES = {
    "ledger.csv": ledger.ledger_csv(),
    "utf8.csv": ledger.ledger_csv(encoding="utf-8-sig"),
    "ledger.xlsx": ledger.ledger_xlsx(),
    "ledger.xls": ledger.ledger_xls(),
}


def brought(cast: Cast, data: bytes = FILES["ledger.csv"], name: str = "ledger.csv") -> ImportRun:
    """A list that Olga has brought in and had checked."""
    run = service.start(cast.viewer("olga"), brigade_id=cast.brigade_id, file_name=name, data=data)
    service.set_mapping(run, columns={int(c): field for c, field in run.mapping["columns"].items()})
    service.check(run)
    db.session.commit()
    return run


def written(cast: Cast, **more: bool) -> ImportRun:
    """The same, its good rows accepted and written."""
    run = brought(cast)
    service.accept(cast.viewer("olga"), run, only_good=True, **more)
    service.write(run)
    db.session.commit()
    return run


def order(serial: int) -> Order:
    """The order of this running number."""
    return db.session.scalars(sa.select(Order).where(Order.number.endswith(f"第{serial:04d}号"))).one()


def upload(client: FlaskClient, data: bytes = FILES["ledger.csv"], name: str = "ledger.csv") -> Page:
    """Bring a list in by the pages, up to where its rows were checked."""
    page = client.page("/orders/import")
    columns = client.send(page, {"file": (io.BytesIO(data), name)}, button="上传并核对表头")
    assert columns.status_code == 200, columns.page.errors
    checking = client.send(columns.page, button="核对每一行")
    run_all()
    return client.page(checking.request.path)


@pytest.mark.parametrize("name", FILES)
def test_the_same_ledger_reads_the_same_from_every_kind_of_file(cast: Cast, name: str) -> None:
    rows = lists.all_rows(brought(cast, FILES[name], name))
    assert [row.verdict.value for row in rows] == ["new"] * 6 + ["likely", "error"]
    assert [row.content["flags"] for row in rows][:6] == [
        [], ["deadline:dotted"], ["deadline:impossible"], ["issued:two_digits", "deadline:serial", "closed:two_digits"],
        ["deadline:lunar"], ["closed:before_issued"],
    ]  # fmt: skip


def test_dirty_dates_are_kept_as_typed_and_only_clean_ones_count(cast: Cast) -> None:
    written(cast)
    assert db.session.query(Order).count() == 6
    clean, dotted, impossible, serial, lunar, before = (order(n) for n in range(1, 7))
    assert (clean.state, clean.issued_on, clean.closed_on, clean.flags) == (
        OrderState.CLOSED, date(2023, 5, 8), date(2023, 5, 29), [],
    )  # fmt: skip
    for one, typed in ((dotted, "2023.5.31"), (impossible, "2023/05/00"), (lunar, "农历四月廿八")):
        assert (one.next_deadline, one.source["整改期限"], one.state) == (None, typed, OrderState.SERVED)
    assert (serial.issued_on, serial.closed_on, serial.state) == (None, None, OrderState.CLOSED)
    assert (before.closed_on, before.source["销号日期"], before.flags) == (None, "2023-05-01", ["closed:before_issued"])
    assert {one.imported for one in (clean, dotted, impossible, serial, lunar, before)} == {True}
    assert dotted.source["备注"] == "校方称放假后办理"
    assert (dotted.kind, dotted.school_id) == (OrderKind.LIMITED, cast.ottos_school_id)


def test_readable_days_count_only_when_somebody_vouches_for_them(cast: Cast) -> None:
    written(cast, take_readable=True)
    assert order(2).next_deadline == date(2023, 5, 31)
    assert order(2).flags == ["deadline:dotted"]
    assert [order(n).next_deadline for n in (3, 5)] == [None, None]


def test_nothing_turns_red_but_by_a_clean_date(cast: Cast, as_person: SignInAs) -> None:
    rows = (
        *ledger.ROWS[1:3],
        (9, "示消限字〔2023〕第0009号", "示范区第一小学", "2023-05-08", "x", "2023-05-31", "", "", ""),
    )
    run = brought(cast, ledger.ledger_csv(rows))
    service.accept(cast.viewer("olga"), run, only_good=False)
    service.write(run)
    db.session.commit()
    red = as_person("ines").page("/orders?colour=red").main
    assert "第0009号" in red
    assert "第0002号" not in red
    assert "第0003号" not in red
    assert "旧文书" in red


def test_the_same_ledger_twice_adds_nothing_whatever_its_kind_of_file(cast: Cast) -> None:
    written(cast)
    again = brought(cast, FILES["ledger.xlsx"], "ledger.xlsx")
    assert again.summary["verdicts"] == {"unchanged": 6, "likely": 1, "error": 1}
    service.accept(cast.viewer("olga"), again, only_good=True)
    service.write(again)
    assert (db.session.query(Order).count(), again.summary["added"]) == (6, 0)


def test_two_lists_checked_before_either_was_written_add_each_row_once(cast: Cast) -> None:
    runs = [brought(cast), brought(cast)]
    for run in runs:
        service.accept(cast.viewer("olga"), run, only_good=True)
        service.write(run)
    assert [run.summary["added"] for run in runs] == [6, 0]
    assert db.session.query(Order).count() == 6


def test_by_the_pages_a_list_is_mapped_checked_decided_written_and_reported(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("olga")
    page = upload(client)
    assert "“2023.5.31”用点或空格分隔，不是规范日期" in page.main
    assert "登记册中没有这所学校" in page.main
    row = db.session.scalars(sa.select(ImportRow).where(ImportRow.verdict == Verdict.LIKELY)).one()
    decided = client.send(page, {f"row_{row.number}": str(cast.school_id)}, button="保存本页的决定")
    client.send(decided.page, button="只导入没有错误的")
    run_all()
    assert "已导入 7 份旧文书" in client.page(page.path).main
    assert order(7).school_id == cast.school_id
    report = client.get(f"{page.path}/report.xlsx")
    cells = "\n".join("|".join(line.cells) for line in read_sheets(report.data)[0].rows)
    assert "未导入" in cells
    assert "已登记" in cells
    shown = client.page(f"/orders/{order(2).id}").main
    assert "从以前的清单导入" in shown
    assert "整改期限：用点或空格分隔，不是规范日期" in shown
    assert "校方称放假后办理" in shown
    event = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.order_id == order(2).id)).one()
    assert (event.act, event.by_name) == ("import", "央金")


def test_the_mapping_is_remembered_for_the_next_list_with_these_headings(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("olga")
    page = client.page("/orders/import")
    columns = client.send(page, {"file": (io.BytesIO(FILES["ledger.csv"]), "a.csv")}, button="上传并核对表头").page
    client.send(columns, {"column_8": "officers"}, button="核对每一行")
    again = client.send(page, {"file": (io.BytesIO(FILES["ledger.csv"]), "a.csv")}, button="上传并核对表头").page
    assert "已按上一次同样表头的对应填好" in again.main
    assert dict(again.form("核对每一行").fields)["column_8"] == "officers"


def test_a_list_with_open_rows_is_not_taken_whole(cast: Cast) -> None:
    run = brought(cast)
    with pytest.raises(DomainError, match="2 行"):
        service.accept(cast.viewer("olga"), run, only_good=False)


def test_only_a_listed_school_is_taken(cast: Cast) -> None:
    run = brought(cast)
    row = next(one for one in lists.all_rows(run) if one.verdict is Verdict.LIKELY)
    with pytest.raises(DomainError, match="列出的学校"):
        service.decide(run, decisions={row.number: cast.foreign_school_id})


def test_a_list_given_up_writes_nothing_and_is_not_accepted_after(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("olga")
    page = upload(client)
    client.send(page, button="放弃这份清单")
    assert db.session.query(ImportRun).one().state is ImportState.WITHDRAWN
    client.post(f"{page.path}/accept", data={"only_good": "y"})
    run_all()
    assert db.session.query(Order).count() == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "空的"), (b"%PDF-1.7", "PDF"), (ledger.ledger_csv(()), "没有任何数据")],
)
def test_what_is_no_list_is_refused_in_a_sentence(cast: Cast, as_person: SignInAs, data: bytes, says: str) -> None:
    client = as_person("olga")
    answer = client.send(client.page("/orders/import"), {"file": (io.BytesIO(data), "a.csv")}, button="上传并核对表头")
    assert answer.status_code == 422
    assert says in " ".join(answer.page.errors)


def test_columns_that_say_neither_school_nor_order_are_refused(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("olga")
    data = "甲,乙\n1,2\n".encode("gb18030")
    columns = client.send(client.page("/orders/import"), {"file": (io.BytesIO(data), "a.csv")}, button="上传并核对表头")
    answer = client.send(columns.page, button="核对每一行")
    assert answer.status_code == 422
    assert "学校" in answer.page.errors[0]


def test_merged_cells_carry_the_order_down_to_its_further_problems(cast: Cast) -> None:
    rows = (ledger.ROWS[0], ("", "", "", "", "疏散标志损坏", "2023-06-15", "", "", ""))
    run = brought(cast, ledger.ledger_csv(rows))
    service.accept(cast.viewer("olga"), run, only_good=False)
    service.write(run)
    numbers = db.session.execute(sa.select(Order.number, Order.problem_text, Order.state)).all()
    assert {(row[0], row[2]) for row in numbers} == {
        ("示消限字〔2023〕第0001号", OrderState.CLOSED), ("示消限字〔2023〕第0001号", OrderState.SERVED),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("lea", 200),
        ("olga", 200),
        ("ines", 403),
        ("stan", 403),
        ("ada", 403),
        ("dora", 403),
        ("pema", 403),
        ("beate", 403),
        ("oskar", 403),
    ],
)
def test_who_brings_lists_in(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get("/orders/import").status_code == status


def test_a_list_of_another_brigade_is_not_there(cast: Cast) -> None:
    run = brought(cast)
    assert lists.get(cast.viewer("oskar"), service.KIND, run.id) is None
    run.brigade_id = cast.other_brigade_id
    db.session.flush()
    assert lists.get(cast.viewer("olga"), service.KIND, run.id) is None


def test_a_school_sees_its_own_old_orders_and_no_others(cast: Cast, as_person: SignInAs) -> None:
    written(cast)
    mine, theirs = order(1), order(2)
    pema = as_person("pema")
    assert pema.get(f"/orders/{mine.id}").status_code == 200
    assert pema.get(f"/orders/{theirs.id}").status_code == 404


def test_the_command_accounts_for_every_row(cast: Cast, app: Flask, tmp_path: Path) -> None:
    file, report = tmp_path / "2023.csv", tmp_path / "report.csv"
    file.write_bytes(FILES["ledger.csv"])
    arguments = ["orders", "import", str(file), "--brigade", "示", "--report", str(report)]
    dry = app.test_cli_runner().invoke(args=[*arguments, "--dry-run"])
    assert (dry.exit_code, db.session.query(Order).count()) == (0, 0), dry.output
    done = app.test_cli_runner().invoke(args=arguments)
    assert done.exit_code == 0, done.output
    assert "rows 8: 6 new, 1 likely, 0 unchanged, 0 duplicate, 1 error; 5 with doubtful" in done.output
    assert "orders written: 6" in done.output
    db.session.rollback()
    assert db.session.query(Order).count() == 6
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 9
    again = app.test_cli_runner().invoke(args=arguments)
    assert "orders written: 0" in again.output


def test_the_command_refuses_a_file_that_is_no_list(cast: Cast, app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"%PDF-1.7")
    answer = app.test_cli_runner().invoke(args=["orders", "import", str(file), "--brigade", "示"])
    assert answer.exit_code == 1
    assert "nothing was written" in answer.output


def test_two_thousand_rows_are_checked_and_written_in_a_few_statements(cast: Cast, count_queries) -> None:  # type: ignore[no-untyped-def]
    rows = [
        (n, f"示消限字〔2023〕第{n:04d}号", "示范区第一小学", "2023-05-08", f"问题{n}", "2023-05-31", "", "", "")
        for n in range(1, 2001)
    ]
    with count_queries() as counted:
        run = brought(cast, ledger.ledger_csv(rows))
        service.accept(cast.viewer("olga"), run, only_good=False)
        service.write(run)
    assert counted.number < 60
    assert run.summary["added"] == 2000


def test_an_old_order_is_struck_off_by_two_officers_record_on_paper(cast: Cast, as_person: SignInAs) -> None:
    written(cast)
    old = order(2)
    client = as_person("ines")
    page = client.page(client.page(f"/orders/{old.id}").link("办理旧文书"))
    empty = client.send(page, {"on": "2023-06-20"}, form="reason", button="销号")
    assert empty.status_code == 422
    client.send(
        page,
        {"on": "2023-06-20", "second_id": str(cast.people["ivo"]), "reason": "复查记录2023-77号"},
        form="reason",
        button="销号",
    )
    db.session.expire_all()
    assert (old.state, old.closed_on, old.next_deadline) == (OrderState.CLOSED, date(2023, 6, 20), None)
    event = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "strike_off_old")).one()
    assert (event.by_name, event.detail["second"]) == ("尼玛", "次仁")
    assert client.get(f"/orders/{old.id}/old").status_code == 403


def test_there_is_no_link_to_an_old_order(cast: Cast, as_person: SignInAs) -> None:
    written(cast)
    old, client = order(2), as_person("ines")
    page = client.page(f"/orders/{old.id}")
    assert "生成学校链接" not in page.main
    with pytest.raises(DomainError):
        links.make(cast.viewer("ines"), old)
    db.session.rollback()


@pytest.mark.parametrize(
    "wrong",
    [{"on": date(2023, 1, 1)}, {"on": date(2099, 1, 1)}, {"second_id": "ines"}, {"second_id": "pema"}, {"reason": " "}],
)
def test_one_officer_or_no_record_strikes_nothing_off(cast: Cast, wrong: dict[str, object]) -> None:
    written(cast)
    values = {"on": date(2023, 6, 20), "second_id": "ivo", "reason": "复查记录"} | wrong
    values["second_id"] = cast.people[str(values["second_id"])]
    with pytest.raises(DomainError):
        acts.strike_off(cast.viewer("ines"), order(2), **values)  # type: ignore[arg-type]


def test_a_doubtful_deadline_counts_once_an_officer_has_confirmed_it(cast: Cast, as_person: SignInAs) -> None:
    written(cast)
    old, client = order(2), as_person("ines")
    page = client.page(f"/orders/{old.id}/old")
    assert client.send(page, {"day": "2023-01-01"}, form="登记期限", button="登记期限").status_code == 422
    for _time in range(2):
        client.send(page, {"day": "2023-05-31"}, form="登记期限", button="登记期限")
    db.session.expire_all()
    assert old.next_deadline == date(2023, 5, 31)
    assert old.source["整改期限"] == "2023.5.31"
    assert "第0002号" in client.page("/orders?colour=red").main
    assert db.session.query(OrderEvent).filter_by(act="confirm_day").count() == 1


@pytest.mark.parametrize(
    ("name", "status"), [("olga", 403), ("stan", 403), ("pema", 403), ("beate", 403), ("oskar", 404)]
)
def test_who_deals_with_old_orders(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    written(cast)
    client, address = as_person(name), f"/orders/{order(3).id}/old"
    assert client.get(address).status_code == status
    assert client.post(address, data={"act": "deadline", "day": "2023-06-01"}).status_code == status
    assert order(3).next_deadline is None
