"""Importing lists through the pages: nothing is written before it is accepted, and every row is accounted for."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core import jobs, tables
from app.core.extensions import db
from app.imports.models import ColumnMapping, ImportRow, ImportRun, ImportState, Outcome, Verdict
from app.schools import service as register
from app.schools.models import School, SchoolKind
from app.schools.rules.lists import HEADINGS
from tests.cast import Cast
from tests.factories import schools
from tests.factories.tables import ROWS, bureau_csv, bureau_xls, bureau_xlsx

NAUGHTY = Path(__file__).parents[1] / "data" / "blns.json"
SignIn = Callable[[str], FlaskClient]
#: Rows of Pema's brigade only: the second of the usual rows lies in the neighbouring district.
OURS = tuple((*row[:5], "城关区", *row[6:]) for row in ROWS)


def _brigade_id(cast: Cast) -> dict[str, Any]:
    return {"brigade_id": str(cast.brigade_id)}


class Wizard:
    """Somebody who takes a list through the pages."""

    def __init__(self, client: FlaskClient, cast: Cast, data: bytes, name: str = "名录.xlsx") -> None:
        self.client, self.cast = client, cast
        self.answer = client.post(
            "/schools/import", data={"file": (io.BytesIO(data), name), "brigade_id": str(cast.brigade_id)}
        )
        assert self.answer.status_code == 302, self.answer.text
        self.address = self.answer.headers["Location"]

    @property
    def run(self) -> ImportRun:
        db.session.expire_all()
        return db.session.get_one(ImportRun, uuid.UUID(self.address.rsplit("/", 1)[1]))

    @property
    def rows(self) -> list[ImportRow]:
        return list(db.session.scalars(sa.select(ImportRow).where(ImportRow.run_id == self.run.id).order_by("number")))

    def check(self, **changes: str) -> Wizard:
        columns = {f"column_{column}": name.replace("-", "") for column, name in self.run.mapping["columns"].items()}
        form = {
            "area_code": "540102",
            "source": self.run.source,
            **({"sheet": self.run.options["sheet"]} if len(self.run.options["sheets"]) > 1 else {}),
            **columns,
            **changes,
        }
        answer = self.client.post(f"{self.address}/columns", data=form)
        assert answer.status_code == 302, answer.text
        jobs.run_all()
        return self

    def accept(self, **form: str) -> Wizard:
        self.client.post(f"{self.address}/accept", data=form)
        jobs.run_all()
        return self

    def verdicts(self) -> list[str]:
        return [row.verdict.value for row in self.rows]


def _register() -> list[tuple[Any, ...]]:
    columns = [School.__table__.c[n] for n in ("name", "kind", "external_code", "source", "area_code", "address", "is_boarding", "phone", "responsible_person", "pupils", "staff")]  # fmt: skip
    return [tuple(row) for row in db.session.execute(sa.select(*columns).order_by(School.name))]


@pytest.mark.parametrize(
    "data", [bureau_xlsx(OURS), bureau_csv(OURS), bureau_csv(OURS, encoding="utf-16"), bureau_xls(OURS)]
)
def test_a_bureau_s_list_gives_the_same_register_in_every_dress(as_person: SignIn, cast: Cast, data: bytes) -> None:
    wizard = Wizard(as_person("lea"), cast, data).check()
    assert len([row for row in _register() if row[2]]) == 0
    wizard.accept(only_good="1")
    assert [row for row in _register() if row[2]] == [
        ("示范区格桑幼儿园", SchoolKind.KINDERGARTEN, "0054000003", "moe", "540102", "格桑路8号", False, "0891-6000003", "卓玛", 180, 22),
        ("示范区河谷小学", SchoolKind.PRIMARY, "0054000001", "moe", "540102", "河谷路12号\n东门进", False, "0891-6000001", "白玛", 620, 48),
        ("示范区雪山中学", SchoolKind.COMPLETE_SECONDARY, "0054000002", "moe", "540102", "雪山路3号", True, "0891-6000002", "次仁", 1240, 96),
    ]  # fmt: skip


def test_the_same_list_twice_adds_nothing(as_person: SignIn, cast: Cast) -> None:
    client = as_person("lea")
    Wizard(client, cast, bureau_xlsx(OURS)).check().accept(only_good="1")
    before = _register()
    wizard = Wizard(client, cast, bureau_csv(OURS)).check()
    assert wizard.verdicts() == ["unchanged"] * 3 + ["skipped"]
    wizard.accept(only_good="1")
    assert _register() == before


def test_what_was_imported_is_found_and_says_where_it_came_from(as_person: SignIn, cast: Cast) -> None:
    client = as_person("lea")
    Wizard(client, cast, bureau_xlsx(OURS)).check().accept(only_good="1")
    assert "示范区雪山中学" in client.get("/schools?q=xueshan").text
    school = db.session.scalars(sa.select(School).where(School.external_code == "0054000002")).one()
    history = client.get(f"/schools/{school.id}/history").text
    assert "从名单导入" in history
    assert "第 5 行" in history


def test_columns_are_proposed_and_the_mapping_is_remembered(as_person: SignIn, cast: Cast) -> None:
    client = as_person("lea")
    wizard = Wizard(client, cast, bureau_xlsx(OURS))
    page = client.get(wizard.address).text
    assert "河谷路12号" in page
    assert wizard.run.mapping["columns"]["1"] == "external_code"
    wizard.check(column_8="", column_7="safety_manager")
    assert db.session.query(ColumnMapping).count() == 1
    second = Wizard(client, cast, bureau_csv(OURS))
    assert second.run.mapping["remembered"] is True
    assert second.run.mapping["columns"]["7"] == "safety_manager"
    assert "8" not in second.run.mapping["columns"]
    assert "已按上次同样表头的名单对应" in client.get(second.address).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"column_2": ""}, "请指明哪一列是学校名称"),
        ({"column_6": "name"}, "每个栏目只能对应一列"),
        ({"column_2": "nonsense"}, ""),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(as_person: SignIn, cast: Cast, changes: dict[str, str], said: str) -> None:
    wizard = Wizard(as_person("lea"), cast, bureau_xlsx(OURS))
    columns = {f"column_{c}": name.replace("-", "") for c, name in wizard.run.mapping["columns"].items()}
    form = {"area_code": "540102", **columns, **changes}
    answer = wizard.client.post(f"{wizard.address}/columns", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert wizard.run.state == ImportState.READ


def _list(*rows: tuple[str, ...], headings: tuple[str, ...] = ("学校名称", "学校标识码", "地址", "在校生数")) -> bytes:
    return tables.write_report(headings, rows)


def test_rows_with_errors_stay_out_and_say_why(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(
        as_person("lea"), cast, _list(("甲小学", "01", "一路", "多"), ("", "02", "", ""), ("乙小学", "03", "", "9"))
    ).check()
    assert wizard.verdicts() == ["error", "error", "new"]
    page = wizard.client.get(wizard.address).text
    assert "“学生人数”写的是“多”，不是人数" in page
    assert "没有学校名称" in page


def test_the_whole_list_is_not_accepted_while_a_row_is_wrong(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(as_person("lea"), cast, _list(("甲小学", "01", "", "多"), ("乙小学", "03", "", "9"))).check()
    assert wizard.client.post(f"{wizard.address}/accept").status_code == 409
    assert jobs.run_all() == 0
    assert wizard.run.state == ImportState.CHECKED
    wizard.accept(only_good="1")
    assert [row.outcome for row in wizard.rows] == [Outcome.REJECTED, Outcome.ADDED]


def test_changes_are_shown_and_only_written_when_chosen(as_person: SignIn, cast: Cast) -> None:
    client = as_person("lea")
    for code, name in (("01", "甲小学"), ("02", "乙小学")):
        schools.school(cast, name, source="moe", external_code=code, pupils=5)
    wizard = Wizard(client, cast, _list(("甲小学", "01", "", "9"), ("乙小学", "02", "", "9"))).check()
    assert "学生人数: 5 → 9" in client.get(wizard.address).text
    client.post(f"{wizard.address}/decisions", data={"row_2": "take", "row_3": "leave"})
    wizard.accept(only_good="1")
    assert {row[0]: row[9] for row in _register() if row[2]} == {"甲小学": 9, "乙小学": 5}
    assert [row.outcome for row in wizard.rows] == [Outcome.UPDATED, Outcome.LEFT]


def test_all_changes_can_be_taken_at_once(as_person: SignIn, cast: Cast) -> None:
    schools.school(cast, "甲小学", source="moe", external_code="01", pupils=5)
    wizard = Wizard(as_person("lea"), cast, _list(("甲小学", "01", "", "9"))).check().accept(take_changes="y")
    assert [row.outcome for row in wizard.rows] == [Outcome.UPDATED]


def test_a_likely_double_waits_and_is_never_merged_in_silence(as_person: SignIn, cast: Cast) -> None:
    schools.school(cast, "甲小学", address="二路")
    wizard = Wizard(as_person("lea"), cast, _list(("甲小学", "01", "一路", "9"))).check()
    assert wizard.verdicts() == ["likely"]
    assert "名称相同" in wizard.client.get(wizard.address).text
    wizard.accept(only_good="1")
    assert [row.outcome for row in wizard.rows] == [Outcome.DUPLICATE]
    assert [row[0] for row in _register()].count("甲小学") == 1


def test_a_likely_double_can_be_a_new_school(as_person: SignIn, cast: Cast) -> None:
    schools.school(cast, "甲小学", address="二路")
    wizard = Wizard(as_person("lea"), cast, _list(("甲小学", "01", "一路", "9"))).check().accept(take_likely="y")
    assert [row.outcome for row in wizard.rows] == [Outcome.ADDED]


@pytest.mark.parametrize("code", ["01", ""])
def test_a_likely_double_can_be_that_school_and_is_known_from_then_on(as_person: SignIn, cast: Cast, code: str) -> None:
    there_id = schools.school(cast, "甲小学", address="二路").id
    client, data = as_person("lea"), _list(("甲小学", code, "一路", "9"))
    wizard = Wizard(client, cast, data).check()
    client.post(f"{wizard.address}/decisions", data={"row_2": f"same:{there_id}"})
    wizard.accept()
    assert [row.outcome for row in wizard.rows] == [Outcome.UPDATED]
    again = Wizard(client, cast, data).check()
    assert (again.verdicts(), again.rows[0].target_id) == (["changed"], there_id)


def test_a_decision_that_is_not_offered_is_refused(as_person: SignIn, cast: Cast) -> None:
    schools.school(cast, "甲小学", address="二路")
    wizard = Wizard(as_person("lea"), cast, _list(("甲小学", "", "一路", "9"))).check()
    answer = wizard.client.post(f"{wizard.address}/decisions", data={"row_2": f"same:{cast.foreign_school_id}"})
    assert answer.status_code == 409
    assert wizard.rows[0].decision is None


def test_when_the_register_changed_since_the_check_nothing_is_written(as_person: SignIn, cast: Cast) -> None:
    there = schools.school(cast, "甲小学", source="moe", external_code="01", pupils=5)
    wizard = Wizard(as_person("lea"), cast, _list(("甲小学", "01", "", "9"), ("乙小学", "02", "", "9"))).check()
    register.edit_school(cast.viewer("ines"), there, pupils=7)
    db.session.commit()
    wizard.accept(take_changes="y")
    assert "乙小学" not in [row[0] for row in _register()]
    assert "登记册又有变化" in wizard.client.get(wizard.address).text
    wizard.client.post(f"{wizard.address}/again")
    assert wizard.check().accept(take_changes="y").run.state == ImportState.WRITTEN


def test_a_code_that_appears_meanwhile_stops_the_writing(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(as_person("lea"), cast, _list(("乙小学", "02", "", "9"))).check()
    schools.school(cast, "丙小学", source="moe", external_code="02")
    wizard.accept()
    assert "乙小学" not in [row[0] for row in _register()]


def test_accepting_twice_writes_once(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(as_person("lea"), cast, bureau_xlsx(OURS)).check().accept(only_good="1")
    number = len(_register())
    assert wizard.client.post(f"{wizard.address}/accept").status_code == 409
    assert jobs.run_all() == 0
    assert len(_register()) == number


def test_a_worker_that_dies_while_writing_leaves_the_register_whole(
    as_person: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wizard = Wizard(as_person("lea"), cast, bureau_xlsx(OURS)).check()

    def die(*_anything: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("app.schools.service.writing.record_many", die)
        wizard.accept(only_good="1")
    assert [row for row in _register() if row[2]] == []
    db.session.execute(sa.update(jobs.Job).values(run_after=jobs.Job.made_at))
    db.session.commit()
    jobs.run_all()
    assert len([row for row in _register() if row[2]]) == 3


def test_giving_a_list_up_changes_nothing_and_it_stays_in_the_list(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(as_person("lea"), cast, bureau_xlsx(OURS)).check()
    before = _register()
    wizard.client.post(f"{wizard.address}/withdraw")
    assert wizard.run.state == ImportState.WITHDRAWN
    assert _register() == before
    assert "已放弃" in wizard.client.get("/schools/import").text
    assert wizard.client.post(f"{wizard.address}/accept").status_code == 409


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (bureau_xlsx()[:2000], "已损坏"),
        (b"<html><table>", "网页"),
        ('甲,乙\n丙,"丁'.encode(), "第 2 行"),
    ],
)
def test_a_broken_file_changes_nothing_and_says_where(as_person: SignIn, cast: Cast, data: bytes, said: str) -> None:
    answer = as_person("lea").post("/schools/import", data={"file": (io.BytesIO(data), "x.xlsx"), **_brigade_id(cast)})
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(ImportRun).count() == 0


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_report_has_a_line_for_every_row(as_person: SignIn, cast: Cast, kind: str) -> None:
    rows = (("=cmd()小学", "01", "", "9"), ("乙小学", "02", "", "多"))
    wizard = Wizard(as_person("lea"), cast, _list(*rows)).check().accept(only_good="1")
    answer = wizard.client.get(f"{wizard.address}/report.{kind}")
    table = tables.read_table(answer.data, "report", known={"row": ("行号",), "name": ("学校名称",), "what": ("结果",)})
    assert [row.cells[3] for row in table.rows] == ["已新增", "未写入"]
    assert table.rows[0].cells[1] == ("'=cmd()小学" if kind == "csv" else "=cmd()小学")
    assert table.rows[0].cells[2] == "01"


@pytest.mark.parametrize("name", ["ines", "stan", "pema", "beate", "dora"])
def test_who_may_not_import(as_person: SignIn, cast: Cast, name: str) -> None:
    assert as_person(name).get("/schools/import").status_code == 403


def test_another_brigade_s_list_does_not_exist(as_person: SignIn, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.accounts.models import Membership, Role

    wizard = Wizard(as_person("lea"), cast, bureau_xlsx(OURS)).check()
    db.session.execute(
        sa.update(Membership).where(Membership.person_id == cast.people["oskar"]).values(role=Role.LEADER)
    )
    db.session.commit()
    other = as_person("oskar")
    assert other.get(wizard.address).status_code == 404
    for act in ("columns", "decisions", "accept", "again", "withdraw"):
        assert other.post(f"{wizard.address}/{act}").status_code == 404


def test_a_school_of_the_neighbours_is_refused_row_by_row(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(as_person("lea"), cast, bureau_xlsx()).check()
    assert wizard.verdicts() == ["new", "error", "new", "skipped"]
    assert "不在本大队辖区" in wizard.client.get(wizard.address).text


def test_pages_cost_the_same_for_three_rows_and_three_hundred(
    as_person: SignIn, cast: Cast, count_queries: Any
) -> None:
    client, numbers = as_person("lea"), []
    for most in (3, 300):
        rows = [(f"第{n}小学", f"{most}{n:04d}", "", "x" if n % 3 else "5") for n in range(most)]
        wizard = Wizard(client, cast, _list(*rows)).check()
        for address in (wizard.address, "/schools/import"):
            with count_queries() as counted:
                assert client.get(address).status_code == 200
            numbers.append(counted.number)
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 15


def test_progress_is_told_while_a_list_is_checked(as_person: SignIn, cast: Cast) -> None:
    wizard = Wizard(as_person("lea"), cast, bureau_xlsx(OURS))
    columns = {f"column_{c}": name.replace("-", "") for c, name in wizard.run.mapping["columns"].items()}
    wizard.client.post(f"{wizard.address}/columns", data={"area_code": "540102", **columns})
    assert "<progress" in wizard.client.get(wizard.address).text
    jobs.run_all()
    job = db.session.get_one(jobs.Job, wizard.run.job_id)
    assert (job.done_steps, job.all_steps) == (100, 100)


def test_naughty_texts_go_through_a_list_as_they_are(as_person: SignIn, cast: Cast) -> None:
    """All strings at once: as names in a CSV, into the register, onto the pages and into both reports."""
    texts = [t for t in json.loads(NAUGHTY.read_text("utf-8")) if t.strip() and "\x00" not in t and len(t) <= 120]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["学校名称", "学校标识码"])
    writer.writerows([text, f"{number:06d}"] for number, text in enumerate(texts))
    wizard = Wizard(as_person("lea"), cast, out.getvalue().encode("utf-8-sig")).check()
    wizard.accept(only_good="1", take_likely="y")
    stored = {row[0]: row[1] for row in db.session.execute(sa.select(School.external_code, School.name))}
    refused = {row.content["values"].get("external_code") for row in wizard.rows if row.outcome != Outcome.ADDED}
    assert len(refused) < 3
    for number, text in enumerate(texts):
        if f"{number:06d}" not in refused:
            expected = text.replace("\r\n", "\n").replace("\r", "\n").strip().strip("\u3000\u00a0\ufeff").strip()
            assert stored[f"{number:06d}"] == expected
    for page in ("/schools", wizard.address, f"{wizard.address}?verdict=new"):
        assert "<script>alert" not in wizard.client.get(page).text
    lines = wizard.client.get(f"{wizard.address}/report.csv").data.decode("utf-8-sig")
    assert not [row for row in csv.reader(io.StringIO(lines)) if row[1].startswith(("=", "@"))]
    assert wizard.client.get(f"{wizard.address}/report.xlsx").status_code == 200


def test_known_headings_do_not_contradict_each_other() -> None:
    seen: dict[str, str] = {}
    for field, words in HEADINGS.items():
        for word in words:
            plain = tables.normalise_heading(word)
            assert seen.setdefault(plain, field) == field, word


@pytest.mark.soak
def test_ten_thousand_rows_are_imported_within_a_minute(as_person: SignIn, cast: Cast) -> None:
    import time

    rows = tuple(
        (n, f"0054{n:06d}", f"第{n}小学", "小学", "否", "城关区", f"{n}号", "白玛", f"0891-{n:07d}", 5, 5)
        for n in range(10_000)
    )
    lea, data = as_person("lea"), bureau_xlsx(rows)
    began = time.monotonic()
    wizard = Wizard(lea, cast, data).check().accept(only_good="1")
    assert time.monotonic() - began < 60
    assert sum(row.verdict == Verdict.NEW for row in wizard.rows) == 10_000
