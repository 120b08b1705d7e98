"""The result notice (检查情况告知单) of a signed inspection: issued once a language, and no licence."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.certificates import service
from app.certificates.documents import RESULT
from app.core import jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents import composing
from app.documents import service as documents
from app.documents.models import DocumentState, IssuedDocument
from app.inspections.models import Inspection, InspectionKind
from app.rectification.rules.findings import Handling
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.documents.conftest import text_by_mupdf
from tests.factories import orders
from tests.factories import rectification as make
from tests.factories.inspections import draft
from tests.inspections import filling


def test_its_papers_can_be_made_and_the_notice_is_issued_once(cast: Cast, as_person: SignInAs) -> None:
    row = filling.signed(cast, as_person)
    client = as_person("ines")
    page = client.page(f"/inspections/{row.id}")
    assert "签发告知单" in page.main
    first = client.send(page, button="签发告知单", follow=False)
    again = client.send(page, button="签发告知单", follow=False)
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert "签发告知单" not in client.page(f"/inspections/{row.id}").main
    assert jobs.run_all() >= 2
    db.session.expire_all()
    states = {paper.kind: paper.state for paper in db.session.query(IssuedDocument)}
    assert states == {"inspection_record": DocumentState.ISSUED, "inspection_result": DocumentState.ISSUED}


def test_each_language_has_a_notice_of_its_own(cast: Cast, as_person: SignInAs) -> None:
    row = filling.signed(cast, as_person)
    for language in ("zh", "en", "en"):
        answer = as_person("olga").post(f"/inspections/{row.id}/certificate", data={"language": language})
        assert answer.status_code == 302
    issued = sa.select(IssuedDocument.language).where(IssuedDocument.kind == RESULT.code)
    assert sorted(db.session.scalars(issued)) == ["en", "zh_Hans_CN"]


def test_a_revoked_notice_makes_room_for_another(cast: Cast, as_person: SignInAs) -> None:
    row = filling.signed(cast, as_person)
    lea = cast.viewer("lea")
    first = service.issue(lea, db.session.get_one(Inspection, row.id), lang="zh_Hans_CN")
    db.session.commit()
    jobs.run_all()
    db.session.refresh(first)
    documents.revoke(first, by=lea, reason="写错")
    second = service.issue(lea, db.session.get_one(Inspection, row.id), lang="zh_Hans_CN")
    assert second.id != first.id
    assert list(service.notices(row.id).values()) == [second]


@pytest.mark.parametrize("path", ["certificate", "certificate/preview"])
def test_what_is_not_signed_has_no_notice(cast: Cast, as_person: SignInAs, path: str) -> None:
    row = draft(cast)
    db.session.commit()
    assert as_person("ines").post(f"/inspections/{row.id}/{path}").status_code == 409
    assert db.session.scalar(sa.select(IssuedDocument.id)) is None
    assert db.session.scalar(sa.select(jobs.Job.id).where(jobs.Job.kind.startswith("documents"))) is None


def test_a_recheck_has_none_either(cast: Cast) -> None:
    row = make.inspection(cast, kind=InspectionKind.RECHECK)
    with pytest.raises(DomainError, match="复查记录不另发告知单"):
        service.issue(cast.viewer("ines"), row, lang="zh_Hans_CN")


def test_the_result_carries_no_licence_wording(app: Flask) -> None:
    text = text_by_mupdf(composing.sample(RESULT, "zh_Hans_CN").pdf)
    assert "合格证" not in text
    assert "不是行政许可" in text


def test_what_is_still_owed_stands_under_its_order_or_the_day_it_was_found(cast: Cast, as_person: SignInAs) -> None:
    order = orders.served(cast)
    make.finding(cast, text="应急照明灯不亮", deadline=orders.in_days(9), handling=Handling.ORDER_LIMITED)
    db.session.commit()
    row = filling.signed(cast, as_person)
    paper = service.issue(cast.viewer("ines"), db.session.get_one(Inspection, row.id), lang="zh_Hans_CN")
    db.session.commit()
    jobs.run_all()
    db.session.refresh(paper)
    text = "".join(text_by_mupdf(files().get(paper.file_sha256 or "")).split())
    owed = text.partition("三、尚未销号的责令改正")[2]
    assert order.number in owed
    assert "检查发现，尚无文书" in owed
    assert owed.index("应急照明灯不亮") > 0
