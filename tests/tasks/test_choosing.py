"""Choosing whom a task is for by filter, page and tick; whole lists at once; files as proof."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.schools.models import School, SchoolKind
from app.schools.service.register import reindex_all
from app.tasks.models import Task, TaskAt, TaskProof
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import tasks as make
from tests.factories import teams

TODAY = clock.today()
FILLED: dict[str, Any] = {
    "kind": "common", "title": "开学前消防自查", "text": "检查疏散通道。", "due_on": (TODAY + timedelta(days=10)).isoformat(), "whom": "some",
    "key": "01a20000-0000-7000-8000-000000000005",
}  # fmt: skip
PDF = b"%PDF-1.7\nproof\n%%EOF\n"


def _schools(cast: Cast, number: int) -> None:
    rows = [
        {"name": f"河谷幼儿园{n:04d}", "brigade_id": cast.brigade_id, "area_code": cast.school.area_code, "kind": SchoolKind.KINDERGARTEN}
        for n in range(number)
    ]  # fmt: skip
    db.session.execute(sa.insert(School), rows)
    db.session.commit()


def _reached() -> set[Any]:
    return set(db.session.scalars(sa.select(TaskAt.school_id)))


def test_a_step_sends_nothing_and_keeps_what_is_filled_in(cast: Cast, as_person: SignInAs) -> None:
    _schools(cast, 40)
    browser = as_person("ines")
    said = FILLED | {"schools": [str(cast.school_id)], "step": "filter", "school_kind": "kindergarten"}
    answer = browser.post("/tasks/new", data=said)
    assert answer.status_code == 200
    assert "开学前消防自查" in answer.text
    assert "筛选出 40 所学校" in answer.text
    assert "已勾选 1 所" in answer.text
    assert f'value="{cast.school_id}" checked' in answer.text
    assert "河谷幼儿园0000" in answer.text
    assert "河谷幼儿园0039" not in answer.text
    key = answer.text.split('name="next_key" value="')[1].split('"')[0]
    answer = browser.post("/tasks/new", data=said | {"step": "next", "next_key": key})
    assert "河谷幼儿园0039" in answer.text
    assert _reached() == set()
    browser.post("/tasks/new", data=said | {"step": ""})
    assert _reached() == {cast.school_id}


def test_all_that_the_filter_leaves_get_it(cast: Cast, as_person: SignInAs) -> None:
    _schools(cast, 35)
    reindex_all()
    team = teams.team(cast, "第一组", "ines")
    teams.has(cast, team, cast.school_id)
    db.session.commit()
    browser = as_person("lea")
    browser.post("/tasks/new", data=FILLED | {"whom": "filtered", "group": str(team.id)})
    assert _reached() == {cast.school_id}
    other = {"key": "01a20000-0000-7000-8000-000000000006", "whom": "filtered", "q": "河谷幼儿园"}
    assert "已发给 35 所学校" in browser.post("/tasks/new", data=FILLED | other, follow_redirects=True).text
    nobody = {"key": "01a20000-0000-7000-8000-000000000007", "whom": "filtered", "q": "没有这所"}
    assert browser.post("/tasks/new", data=FILLED | nobody).status_code == 422


@pytest.mark.one_database
def test_the_page_sends_as_many_statements_for_many_schools_as_for_few(
    cast: Cast, as_person: SignInAs, count_queries: Any
) -> None:
    browser = as_person("ines")
    browser.get("/tasks/new")
    db.session.commit()
    with count_queries() as few:
        browser.get("/tasks/new")
    _schools(cast, 300)
    with count_queries() as many:
        page = browser.get("/tasks/new").text
    assert len(few.statements) == len(many.statements) <= 10
    assert page.count('name="schools"') == 30


def test_a_whole_list_is_sent_at_once_and_once(cast: Cast, as_person: SignInAs) -> None:
    for title, days in (("自查", 7), ("演练", 14)):
        make.template(cast, title=title, days=days)
    make.template(cast, list_name="冬季", title="电气")
    db.session.commit()
    browser, address = as_person("ines"), "/tasks/lists/new?list=开学前"
    assert "演练" in browser.get(address).text
    said = {"key": FILLED["key"], "whom": "all", "begins_on": TODAY.isoformat()}
    for _twice in range(2):
        assert browser.post(address, data=said).status_code == 302
    found = db.session.scalars(sa.select(Task).order_by(Task.due_on)).all()
    assert [(one.title, one.due_on) for one in found] == [
        ("自查", TODAY + timedelta(days=7)), ("演练", TODAY + timedelta(days=14)),
    ]  # fmt: skip
    assert len(_reached()) == 2
    assert browser.post(address, data=said | {"begins_on": "2020-01-01"}).status_code == 422
    assert browser.post(address, data=said | {"whom": "some"}).status_code == 422
    assert browser.get("/tasks/lists/new?list=没有").status_code == 404
    assert as_person("oskar").get(address).status_code == 404
    assert as_person("pema").post(address, data=said).status_code == 403


def test_a_file_proves_a_task_and_only_a_whole_pdf_does(cast: Cast, as_person: SignInAs) -> None:
    at = make.at(make.task(cast, needs_proof=True), cast.school_id)
    db.session.commit()
    pema, address = as_person("pema"), f"/tasks/at/{at.id}/report"
    pema.post(f"/tasks/at/{at.id}/read")
    for content in (b"PK\x03\x04", b"%PDF-1.7 cut", b""):
        answer = pema.post(address, data={"words": "做完了", "papers": (io.BytesIO(content), "a.pdf")})
        assert (answer.status_code, "不是完整的 PDF" in answer.text) == (422, True)
    for _twice in range(2):
        answer = pema.post(address, data={"words": "做完了", "papers": (io.BytesIO(PDF), "整改报告.pdf")})
        assert answer.status_code == 302
    row = db.session.scalars(sa.select(TaskProof)).one()
    assert "整改报告.pdf" in as_person("ines").get(f"/tasks/at/{at.id}").text
    got = as_person("ines").get(f"/tasks/proofs/{row.id}")
    assert (got.data, got.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    for name in ("otto", "oskar"):
        assert as_person(name).get(f"/tasks/proofs/{row.id}").status_code == 404
    many = [(io.BytesIO(PDF + bytes([n])), f"{n}.pdf") for n in range(6)]
    assert "一次最多上传" in pema.post(address, data={"words": "又", "papers": many}).text
