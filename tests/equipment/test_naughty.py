"""Strings that break programs go through every free-text field of the register, its pages, labels and lists."""

import csv
import io
import json
import re
from pathlib import Path

import pymupdf
import pytest
import python_calamine
from flask.testing import FlaskClient

from app.core import clock, jobs
from app.core.db import new_id
from app.core.extensions import db
from app.core.tables import write_report
from app.equipment import documents
from app.equipment.documents import PAPERS, Label
from app.equipment.models import Equipment, EquipmentKind
from app.equipment.queries import forecast, printing
from app.equipment.queries.forecast import pieces_due
from app.equipment.reports import forecast_workbook
from app.equipment.rules import tags
from app.equipment.service import labels
from tests.factories import equipment as make

NAUGHTY: list[str] = json.loads((Path(__file__).parent.parent / "data" / "blns.json").read_text("utf-8"))
#: The parser that checks pages cannot hold control characters; browsers can, so those go by a client of their own.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def test_what_is_typed_into_the_form_is_stored_and_shown_unchanged(cast, as_person):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    client = as_person("ines")
    strings = [text for text in NAUGHTY if not CONTROL.search(text)]
    strings = strings[::5] if db.engine.dialect.name == "sqlite" else strings[::25]
    page = client.page(f"/equipment/{piece.id}/edit")
    for text in strings:
        wanted = {
            "label": text[:40],
            "location": text[:120],
            "note": text[:2000],
            "maker": text[:60],
            "external_code": text[:60],
        }
        answer = client.send(page, wanted)
        assert answer.status_code == 200, text
        db.session.expire_all()
        kept = db.session.get_one(Equipment, piece.id)
        tidy = {name: value.replace("\r\n", "\n").strip() for name, value in wanted.items()}
        stored = {
            "label": kept.label, "location": kept.location, "note": kept.note.replace("\r\n", "\n"),
            "maker": kept.specification.get("maker", ""), "external_code": kept.external_code or "",
        }  # fmt: skip
        assert stored == tidy, text


def test_control_characters_are_stored_and_shown_too(cast, as_person, app):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    client = as_person("ines")
    form = dict(client.page(f"/equipment/{piece.id}/edit").form("note").fields)
    for text in [text for text in NAUGHTY if CONTROL.search(text)] + ["a\x00b"]:
        answer = FlaskClient.post(client, f"/equipment/{piece.id}/edit", data={**form, "note": text})
        assert answer.status_code == 302
        db.session.expire_all()
        assert db.session.get_one(Equipment, piece.id).note == text.replace("\x00", "").strip().replace("\r\n", "\n")


def a_register_of_them(cast, strings=NAUGHTY) -> None:
    rows = [
        {
            "id": new_id(), "school_id": cast.school_id, "kind": EquipmentKind.EXTINGUISHER,
            "label": text.strip()[:40], "location": text.strip()[:120], "note": text, "position": n,
            "specification": {"agent": "water", "charge": 6.0, "maker": text.strip()[:60]},
            "made_on": clock.today().replace(year=2015, day=1), "made_on_is_month": True, "tag_code": code,
        }
        for n, (text, code) in enumerate(zip(strings, labels.fresh_codes(len(strings)), strict=True))
    ]  # fmt: skip
    db.session.execute(Equipment.__table__.insert(), rows)
    db.session.commit()


def test_lists_and_searches_stay_sound(cast, as_person):
    strings = [text for text in NAUGHTY if not CONTROL.search(text)]
    a_register_of_them(cast, strings)
    client = as_person("ines")
    address, seen = f"/equipment?school={cast.school_id}", 0
    while address:
        page = client.page(address)
        seen += len(page.all("//tbody/tr"))
        address = next(iter(page.all("//a[@rel='next']/@href")), "")
    assert seen == len(strings)
    for text in strings[::15]:
        assert client.get("/equipment", query_string={"q": text}).status_code == 200
        assert client.get("/equipment/find", query_string={"code": text}).status_code in (200, 302, 404)


@pytest.mark.one_database
def test_labels_carry_them_and_decode(cast, app):
    a_register_of_them(cast)
    some = [row[0] for row in db.session.query(Equipment.id).order_by(Equipment.position)][::8]
    sheet = documents.render_labels(
        printing.labels_of(some, language="zh_Hans_CN"), PAPERS["sheet"], language="zh_Hans_CN", made=clock.now()
    )
    with pymupdf.open(stream=sheet.pdf) as paper:
        text = "".join(page.get_text() for page in paper)
    codes = [db.session.get_one(Equipment, one).tag_code for one in some]
    assert all(tags.spaced(code or "") in text for code in codes)


@pytest.mark.one_database
def test_text_taken_from_a_label_is_the_text_that_went_in(app):
    for text in ("田中さんにあげて下さい", "Ω≈ç√∫˜µ≤≥÷", "<script>alert(1)</script>", "𠜎𠜱𠝹", "བོད་ཡིག"):
        sheet = documents.render_labels(
            [Label(tags.new_code(), "学校", text, "走道")], PAPERS["roll"], language="zh_Hans_CN", made=clock.now()
        )
        with pymupdf.open(stream=sheet.pdf) as paper:
            found = paper[0].get_text().replace("\n", "")
        assert text in found or sheet.substituted, text


@pytest.mark.one_database
def test_workbooks_and_csv_hold_no_formula(cast, app):
    a_register_of_them(cast)
    viewer = cast.viewer("ines")
    book = forecast_workbook(forecast.forecast(viewer, months=12), pieces_due(viewer, months=12))
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("逐件").to_python()
    assert len(sheet) == len(NAUGHTY) + 1
    lines = list(csv.reader(io.StringIO(write_report(["x"], [[t] for t in NAUGHTY], kind="csv").decode("utf-8-sig"))))
    assert not [cell for line in lines for cell in line if cell[:1] in "=@" and cell]


def test_a_list_made_of_them_imports(cast, as_person):
    out = io.StringIO()
    rows = [(f"N-{n}", "MT3", text[:120], text) for n, text in enumerate(NAUGHTY)]
    csv.writer(out).writerows([("校内编号", "规格型号", "具体位置", "备注"), *rows])
    client = as_person("olga")
    page = client.page(f"/equipment/imports?school={cast.school_id}")
    answer = client.send(page, {"file": (io.BytesIO(out.getvalue().encode("utf-8", "replace")), "<b>=1+1.csv")})
    answer = client.send(answer.page)
    jobs.run_all()
    answer = client.get(answer.request.path)
    client.send(answer.page, form="/accept")
    jobs.run_all()
    assert client.get(answer.request.path).status_code == 200
    assert db.session.query(Equipment).count() >= len(NAUGHTY) - 5
