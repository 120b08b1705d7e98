"""What schools and officers may write goes through findings, pages and spreadsheet unchanged and harmless."""

from __future__ import annotations

import io

import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from app.core.extensions import db
from app.core.tables.reports import write_report
from app.rectification.models.findings import Evidence, Finding
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import naughty
from tests.factories import rectification as make


def test_findings_show_and_export_every_string_unchanged(cast: Cast, as_person: SignInAs) -> None:
    row = make.inspection(cast)
    for n, text in enumerate(naughty.KEPT):
        make.finding(cast, row=row, item_code=f"N-{n:03}", text=text, place_label=text[:200], measure=text, note=text)
    db.session.commit()
    db.session.expire_all()
    assert [f.text for f in db.session.scalars(sa.select(Finding).order_by(Finding.item_code))] == naughty.KEPT
    ines = as_person("ines")
    page = naughty.opened(ines, "/findings", naughty.KEPT)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    content = ines.get("/findings.xlsx?sort=deadline").data
    cells = {
        str(r[12]): r[1] for r in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    }
    plain = {f"N-{n:03}": text for n, text in enumerate(naughty.KEPT) if text.isprintable()}
    assert {code: cells[code] for code in plain} == plain


def test_no_cell_of_a_csv_begins_like_a_formula() -> None:
    lines = write_report(["文字"], [[text] for text in naughty.KEPT], kind="csv").decode("utf-8-sig")
    assert not any(line.startswith(("=", "@")) for line in lines.splitlines())


def test_what_a_school_writes_is_kept_as_it_is(cast: Cast, as_person: SignInAs) -> None:
    finding, pema = make.finding(cast), as_person("pema")
    address = f"/portal/findings/{finding.id}"
    db.session.commit()
    for text in naughty.KEPT[::10]:
        assert pema.post(address, data={"note": text}).status_code == 302, text
    kept = db.session.scalars(sa.select(Evidence.note).order_by(Evidence.sent_at, Evidence.id)).all()
    assert sorted(kept) == sorted(naughty.KEPT[::10])
    page = naughty.opened(pema, address, naughty.KEPT)
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_reasons_are_kept_as_they_are(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    for n, text in enumerate(naughty.KEPT[::20]):
        finding = make.finding(cast, item_code=f"N-{n}")
        address = f"/findings/{finding.id}"
        db.session.commit()
        assert lea.post(f"{address}/withdraw", data={"reason": text}).status_code == 302, text
        db.session.expire_all()
        assert db.session.get_one(Finding, finding.id).closed_reason == text
        assert naughty.opened(lea, address, [text]).status_code == 200


def test_any_search_is_only_a_search(cast: Cast, as_person: SignInAs) -> None:
    make.finding(cast)
    db.session.commit()
    ines = as_person("ines")
    for text in naughty.EVERY[::16]:
        for address in ("/findings", "/drills", "/trainings"):
            assert (
                ines.get(address, query_string={"q": text, "state": text, "kind": text, "page": text}).status_code
                == 200
            )
