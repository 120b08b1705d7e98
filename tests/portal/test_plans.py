"""A school's plan for what cannot be done at once: filled in, shown, issued, by account and by link."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.extensions import db
from app.core.jobs import Job, run_all
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.models.orders import OrderEvent
from app.rectification.service import issuing, letters
from tests.cast import Cast
from tests.factories import orders as make
from tests.portal.steps import linked

#: Forms and what is printed of them; how papers are stored and numbered, tests/documents says on both databases.
pytestmark = pytest.mark.one_database


def _filled(count: int = 2, **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"leader": "白玛", "team": "达瓦、次仁"}
    for n in range(count):
        data |= {
            f"rows-{n}-number": str(n + 1),
            f"rows-{n}-measure": f"更换门锁 {n + 1}",
            f"rows-{n}-deadline": make.in_days(5 + n).isoformat(),
            f"rows-{n}-by": "达瓦",
            f"rows-{n}-funds": "480",
            f"rows-{n}-safeguards": "宿管员值守",
        }
    return data | more


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _plans() -> list[IssuedDocument]:
    query = sa.select(IssuedDocument).where(IssuedDocument.kind == "rectification_plan")
    return list(db.session.scalars(query.order_by(IssuedDocument.serial)))


def test_a_plan_is_shown_before_it_is_issued_with_what_was_shown(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    assert "填写整改方案" in _text(client.get(address))
    page = _text(client.get(f"{address}/plan"))
    assert "文书要求" in page
    shown = client.post(f"{address}/plan", data=_filled())
    assert shown.status_code == 302
    assert _plans() == []
    assert "正在制作" in _text(client.get(shown.location))
    run_all()
    page = _text(client.get(shown.location))
    assert "编号并制作正式文件" in page
    pdf = client.get(f"{shown.location}.pdf")
    assert (pdf.status_code, pdf.data[:5]) == (200, b"%PDF-")
    for _again in range(2):
        made = client.post(f"{shown.location}/issue")
        assert made.status_code == 302
    run_all()
    (paper,) = _plans()
    assert made.location.endswith(f"/papers/{paper.id}")
    assert paper.number.startswith("校整〔")
    said = json.loads(paper.context)["data"]
    assert [item["measure"] for item in said["items"]] == ["更换门锁 1", "更换门锁 2"]
    assert (said["order_number"], said["leader"], said["team"]) == (order.number, "白玛", ["达瓦", "次仁"])
    assert (paper.state, paper.subject_id, paper.school_id) == (DocumentState.ISSUED, order.id, cast.school_id)
    assert "上传盖章件" in _text(client.get(made.location))
    told = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "write_plan")).one()
    assert told.detail["number"] == paper.number
    assert "学校制作整改方案" in _text(client.get(address))


def test_going_back_keeps_what_was_written_and_the_next_plan_replaces_the_first(cast: Cast, as_person: Any) -> None:
    order = make.served(cast)
    db.session.commit()
    pema, base = as_person("pema"), f"/portal/orders/{order.id}/plan"
    first = pema.post(base, data=_filled()).location
    assert "更换门锁 2" in _text(pema.get(f"{first}/again"))
    pema.post(f"{first}/issue")
    run_all()
    assert "更换门锁 1" in _text(pema.get(base))  # begins with the plan in force
    second = pema.post(base, data=_filled(**{"rows-0-measure": "换整扇门"})).location
    pema.post(f"{second}/issue")
    old, new = _plans()
    assert new.replaces_id == old.id
    assert json.loads(new.context)["data"]["items"][0]["measure"] == "换整扇门"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"rows-0-measure": " "}, "请写明整改措施"),
        ({"rows-1-deadline": ""}, "请填写计划完成日期"),
        ({"rows-1-by": ""}, "请填写责任人"),
        ({"leader": ""}, "请填写整改负责人"),
        ({"rows-0-safeguards": "长" * 601}, "不超过 600 字"),
        ({"rows-1-number": "9"}, "请写明第 2 项怎么整改"),
    ],
)
def test_what_is_missing_comes_back_with_a_sentence(
    cast: Cast, client: FlaskClient, data: dict[str, str], said: str
) -> None:
    _order, address = linked(cast)
    answer = client.post(f"{address}/plan", data=_filled(**data))
    assert answer.status_code == 422
    assert said in _text(answer)
    assert db.session.scalar(sa.select(sa.func.count(Job.id)).where(Job.kind == "documents.preview")) == 0


def test_a_preview_of_another_order_or_kind_is_not_there(cast: Cast, client: FlaskClient, as_person: Any) -> None:
    _order, address = linked(cast)
    other, beside = linked(cast)
    shown = client.post(f"{beside}/plan", data=_filled()).location
    job = shown.rsplit("/", 1)[1]
    foreign = issuing.preview(cast.viewer("ines"), other)
    db.session.commit()
    for key in (job, foreign, uuid.uuid4()):
        for page in (f"/plan/{key}", f"/plan/{key}.pdf", f"/plan/{key}/again"):
            assert client.get(address + page).status_code == 404
        assert client.post(f"{address}/plan/{key}/issue").status_code == 404
    assert as_person("otto").post(f"/portal/orders/{other.id}/plan/{job}/issue").status_code == 404
    assert _plans() == []


def test_a_closed_order_needs_no_plan(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    shown = client.post(f"{address}/plan", data=_filled()).location
    issuing.void(cast.viewer("lea"), order, reason="重复")
    db.session.commit()
    assert client.get(f"{address}/plan").status_code == 410
    assert client.post(f"{shown}/issue").status_code == 410
    assert _plans() == []


def test_the_plan_speaks_the_language_of_the_page(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    client.get(f"{address}?lang=en")
    shown = client.post(f"{address}/plan", data=_filled(), headers={"Accept-Language": "en"}).location
    page = _text(client.get(shown, headers={"Accept-Language": "en"}))
    client.post(f"{shown}/issue")
    assert "rectification plan" in page.lower() or "整改方案" in page
    assert _plans()[0].language in ("en", "zh_Hans_CN")


def test_letters_and_plans_are_the_schools_own(cast: Cast) -> None:
    from app.portal.views.letters import OWN

    assert {kind.code for kind in letters.KINDS.values()} < OWN
    assert "rectification_plan" in OWN
