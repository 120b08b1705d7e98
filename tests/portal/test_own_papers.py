"""A school's own papers: switching a system off, patrol and check records; shown first, then issued."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.core.jobs import Job, run_all
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.papers.check_record import CHECK_ITEMS
from tests.cast import Cast

#: Forms and what is printed of them; how papers are stored and numbered, tests/documents says on both databases.
pytestmark = pytest.mark.one_database

SHUTDOWN = {
    "facility": "室内消火栓系统", "place": "1 号教学楼", "why": "0", "reason": "立管渗漏", "off_from": "2026-11-28T09:00",
    "off_until": "2026-11-28T17:00", "safeguards": "每小时巡查一次", "applicant": "索南", "applied_on": "2026-11-25",
}  # fmt: skip


def _patrol(**more: Any) -> dict[str, Any]:
    return {
        "day": clock.today().isoformat(), "shift": "night", "patroller": "多吉", "superior": "索南",
        "rows-0-at": "22:05", "rows-0-where": "宿舍楼东侧楼梯",
        "rows-1-at": "22:15", "rows-1-where": "宿舍楼 2 层", "rows-1-points": "ｃ、b", "rows-1-problem": "防火门被顶开",
        "rows-1-handled": "当场取走垫块",
    } | more  # fmt: skip


def _check(**more: Any) -> dict[str, Any]:
    rows = {f"rows-{n}-passed": "yes" for n in range(len(CHECK_ITEMS))}
    rows |= {
        "rows-3-passed": "no",
        "rows-3-found": "2 具灭火器压力不足",
        "rows-3-handled": "已送修",
        "rows-11-passed": "",
    }
    return rows | {"day": clock.today().isoformat(), "department": "总务处", "checker": "达瓦", "head": "尼珍"} | more


FILLED: dict[str, Any] = {"shutdown": lambda: dict(SHUTDOWN), "patrol": _patrol, "check": _check}
CODES = {"shutdown": "shutdown_approval", "patrol": "patrol_record", "check": "check_record"}


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _papers() -> list[IssuedDocument]:
    return list(db.session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.made_at, IssuedDocument.id)))


def _shown(person: Any, paper: str, data: dict[str, Any]) -> str:
    answer = person.post(f"/portal/papers/{paper}", data=data)
    assert answer.status_code == 302, _text(answer)
    return str(answer.location)


@pytest.mark.parametrize("paper", sorted(FILLED))
def test_it_is_shown_then_issued_once_and_found_among_the_schools_papers(
    cast: Cast, as_person: Any, paper: str
) -> None:
    sonam = as_person("sonam")
    assert f"/portal/papers/{paper}" in _text(sonam.get("/portal"))
    assert sonam.get(f"/portal/papers/{paper}").status_code == 200
    address = _shown(sonam, paper, FILLED[paper]())
    assert "正在制作" in _text(sonam.get(address))
    run_all()
    assert "编号并制作正式文件" in _text(sonam.get(address))
    pdf = sonam.get(address.replace("?", ".pdf?"))
    assert (pdf.status_code, pdf.data[:5]) == (200, b"%PDF-")
    assert _papers() == []
    for _again in range(2):
        assert sonam.post(address).status_code == 302
    run_all()
    (made,) = _papers()
    assert (made.kind, made.state, made.subject_kind, made.subject_id) == (
        CODES[paper], DocumentState.ISSUED, "school", cast.school_id,
    )  # fmt: skip
    assert made.made_by_id == cast.people["sonam"]
    assert made.number in _text(sonam.get(address))
    assert made.number in _text(sonam.get("/portal"))
    assert sonam.get(f"/documents/{made.id}").status_code == 200


def test_what_was_filled_in_is_what_is_printed(cast: Cast, as_person: Any) -> None:
    sonam = as_person("sonam")
    for paper in ("shutdown", "patrol", "check"):
        sonam.post(_shown(sonam, paper, FILLED[paper]()))
    said = {paper.kind: json.loads(paper.context)["data"] for paper in _papers()}
    off = said["shutdown_approval"]
    assert [option["ticked"] for option in off["reasons"]] == [True, False, False, False]
    assert off["off_from"] == "2026-11-28T09:00:00+08:00"
    patrol = said["patrol_record"]
    assert [line["points"] for line in patrol["lines"]] == [[], ["B", "C"]]
    assert (patrol["is_night"], {line["by"] for line in patrol["lines"]}) == (True, {"多吉"})
    check = said["check_record"]
    assert [line["passed"] for line in check["lines"]] == [True] * 3 + [False] + [True] * 7 + [None]
    assert check["lines"][3]["found"] == "2 具灭火器压力不足"


def test_one_that_is_completed_replaces_the_first(cast: Cast, as_person: Any) -> None:
    sonam = as_person("sonam")
    sonam.post(_shown(sonam, "shutdown", SHUTDOWN))
    run_all()
    (first,) = _papers()
    page = _text(sonam.get(f"/portal/papers/shutdown?replaces={first.id}"))
    assert "立管渗漏" in page
    assert first.number in page
    more = {
        "replaces": str(first.id),
        "off_from": "2026-11-20T09:00",
        "restored_at": "2026-11-20T16:30",
        "restored_by": "索南",
    }
    sonam.post(_shown(sonam, "shutdown", SHUTDOWN | more))
    _old, new = _papers()
    assert new.replaces_id == first.id
    assert json.loads(new.context)["data"]["restored_by"] == "索南"


def test_blank_forms_are_printed_to_be_carried_along(cast: Cast, as_person: Any) -> None:
    sonam = as_person("sonam")
    for paper in ("patrol", "check"):
        sonam.post(_shown(sonam, paper, {"blank": "1"}))
    patrol, check = (json.loads(paper.context)["data"] for paper in _papers())
    assert (patrol["lines"], patrol["day"], patrol["blank_lines"] > 5) == ([], None, True)
    assert {line["passed"] for line in check["lines"]} == {None}
    assert sonam.post("/portal/papers/shutdown", data={"blank": "1"}).status_code == 422


def test_more_rows_are_had_without_script(cast: Cast, as_person: Any) -> None:
    sonam = as_person("sonam")
    page = _text(sonam.post("/portal/papers/patrol", data=_patrol(more="1", **{"rows-5-where": "操场"})))
    assert "rows-9-where" in page
    assert "宿舍楼东侧楼梯" in page
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 0


@pytest.mark.parametrize(
    ("paper", "data", "said"),
    [
        ("shutdown", {"facility": ""}, "请填写停用哪种消防设施"),
        ("shutdown", {"off_until": "2026-11-28T08:00"}, "计划恢复时间须晚于停用开始时间"),
        ("shutdown", {"why": "3", "reason": ""}, "请写明其他原因"),
        ("shutdown", {"restored_by": "索南"}, "请一起填写"),
        ("shutdown", {"safeguards": ""}, "请写明停用期间的防范措施"),
        ("patrol", {"rows-0-where": "", "rows-1-where": ""}, "请填写巡查部位"),
        ("patrol", {"rows-0-at": ""}, "请填写时间"),
        ("patrol", {"rows-1-points": "X"}, "请只填 A 到 G 的字母"),
        ("patrol", {"rows-1-problem": ""}, "请写明发现的问题"),
        ("patrol", {"rows-0-problem": "有烟味"}, "请填写异常项目的字母"),
        ("patrol", {"day": "2099-01-01"}, "日期不能晚于"),
        ("patrol", {"shift": ""}, "请选择日间或夜间"),
        ("check", {"rows-3-found": ""}, "请写明发现的问题"),
        ("check", {"checker": ""}, "请填写检查人"),
        ("check", {f"rows-{n}-passed": "" for n in range(12)}, "请至少填写一项检查结果"),
    ],
)
def test_what_cannot_be_printed_comes_back_with_a_sentence(
    cast: Cast, as_person: Any, paper: str, data: dict[str, str], said: str
) -> None:
    answer = as_person("sonam").post(f"/portal/papers/{paper}", data=FILLED[paper]() | data)
    assert answer.status_code == 422
    assert said in _text(answer)
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 0


def test_an_empty_patrol_is_refused(cast: Cast, as_person: Any) -> None:
    data = {key: value for key, value in _patrol().items() if not key.startswith("rows")}
    answer = as_person("sonam").post("/portal/papers/patrol", data=data)
    assert (answer.status_code, "请至少填写一处巡查部位" in _text(answer)) == (422, True)


@pytest.mark.parametrize("who", ["ines", "lea", "dora", "beate", "stan"])
def test_only_the_schools_people_write_them(cast: Cast, as_person: Any, who: str) -> None:
    assert as_person(who).get("/portal/papers/patrol").status_code == 403
    assert as_person(who).post("/portal/papers/patrol", data=_patrol()).status_code == 403


def test_another_school_finds_neither_preview_nor_paper(cast: Cast, as_person: Any) -> None:
    sonam, otto = as_person("sonam"), as_person("otto")
    address = _shown(sonam, "patrol", _patrol())
    job = address.split("?")[0].rsplit("/", 1)[1]
    sonam.post(address)
    run_all()
    (paper,) = _papers()
    for key in (job, uuid.uuid4()):
        assert otto.get(f"/portal/papers/previews/{key}").status_code == 404
        assert otto.get(f"/portal/papers/previews/{key}.pdf").status_code == 404
        assert otto.post(f"/portal/papers/previews/{key}").status_code == 404
    assert otto.get(f"/portal/papers/patrol?school={cast.school_id}").status_code == 404
    for asked in (f"replaces={paper.id}", "replaces=x", f"from={job}", "from=x"):
        assert otto.get(f"/portal/papers/patrol?{asked}").status_code == 404
    assert sonam.get(f"/portal/papers/check?replaces={paper.id}").status_code == 404  # another kind
    assert len(_papers()) == 1
