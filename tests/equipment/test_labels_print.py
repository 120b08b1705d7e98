"""Labels on paper: they decode, say what they should, and are made by the worker with progress."""

import io
from datetime import UTC, datetime

import pymupdf
import pytest
import zxingcpp
from PIL import Image

from app.core import jobs
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import Job
from app.equipment import documents
from app.equipment.documents import PAPERS, Label
from app.equipment.models import Equipment
from app.equipment.rules import tags
from tests.factories import equipment as make

pytestmark = pytest.mark.one_database

MADE = datetime(2026, 11, 22, tzinfo=UTC)


def pictures(pdf: bytes) -> list[Image.Image]:
    with pymupdf.open(stream=pdf) as paper:
        return [Image.open(io.BytesIO(page.get_pixmap(dpi=200).tobytes("png"))) for page in paper]


def text(pdf: bytes) -> str:
    with pymupdf.open(stream=pdf) as paper:
        return "".join(page.get_text() for page in paper)


def codes(pdf: bytes) -> list[str]:
    return [tags.read(one.text) for page in pictures(pdf) for one in zxingcpp.read_barcodes(page)]


@pytest.mark.parametrize(("paper", "pages"), [("sheet", 2), ("roll", 30)])
def test_every_code_on_the_paper_can_be_scanned(app, paper, pages):
    labels = [Label(tags.new_code(), "示范区第一小学", f"灭火器 1F-{n:02}", "教学楼 · 1 层 · 走道") for n in range(30)]
    rendered = documents.render_labels(labels, PAPERS[paper], language="zh_Hans_CN", made=MADE)
    assert rendered.pages == pages
    assert sorted(codes(rendered.pdf)) == sorted(label.code for label in labels)
    written = text(rendered.pdf)
    assert all(label.shown in written and label.name in written.replace("\n", "") for label in labels)


def test_the_sheet_matches_the_label_paper(app):
    labels = [Label(tags.new_code(), "学校", f"灯 {n}", "走道") for n in range(24)]
    rendered = documents.render_labels(labels, PAPERS["sheet"], language="zh_Hans_CN", made=MADE)
    with pymupdf.open(stream=rendered.pdf) as paper:
        assert [round(side / 72 * 25.4) for side in (paper[0].rect.width, paper[0].rect.height)] == [210, 297]
    [page] = pictures(rendered.pdf)
    for one in zxingcpp.read_barcodes(page):
        column, row = (
            divmod(one.position.top_left.x / 200 * 25.4, 70),
            divmod(one.position.top_left.y / 200 * 25.4 - 4.5, 36),
        )
        assert 4 < column[1] < 12
        assert 3 < row[1] < 12


def test_the_longest_words_stay_on_their_label(app):
    long = Label(tags.new_code(), "西藏自治区拉萨市示范区" * 11, "灭火器 " + "W" * 40, "综合楼 · " + "走道尽头" * 30)
    short = Label(tags.new_code(), "学校", "灯", "走道")
    for paper in PAPERS.values():
        rendered = documents.render_labels([long, short], paper, language="zh_Hans_CN", made=MADE)
        assert sorted(codes(rendered.pdf)) == sorted([long.code, short.code])
        assert rendered.pages == (1 if paper.code == "sheet" else 2)


def test_the_same_labels_give_the_same_bytes(app):
    labels = [Label(tags.with_check("ABC234"), "学校", "灯", "走道")]
    one, two = (documents.render_labels(labels, PAPERS["roll"], language="en", made=MADE).pdf for _ in range(2))
    assert one == two


def test_labels_of_a_list_are_asked_for_made_and_fetched(cast, as_person):
    make.a_school_full_of(cast, pieces=30)
    make.light(cast.ottos_school_id)
    db.session.commit()
    client = as_person("ines")
    page = client.page(f"/equipment/labels?school={cast.school_id}&kind=extinguisher")
    waiting = client.send(page, {"paper": "sheet"})
    assert waiting.page.all("//progress")
    assert jobs.run_all() == 1
    done = client.page(waiting.request.path)
    [address] = [link for link in done.links if link.endswith(".pdf")]
    answer = client.get(address)
    assert answer.mimetype == "application/pdf"
    extinguishers = db.session.query(Equipment).filter_by(kind="extinguisher", school_id=cast.school_id).count()
    assert len(codes(answer.data)) == extinguishers
    assert db.session.query(Equipment).filter(Equipment.tag_code.is_not(None)).count() == extinguishers
    for who in ("ivo", "olga"):
        assert as_person(who).get(waiting.request.path).status_code == 404
        assert as_person(who).get(address).status_code == 404


def test_asking_again_prints_the_same_codes(cast, as_person):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    client, seen = as_person("ines"), []
    for _ in range(2):
        client.post(f"/equipment/labels?piece={piece.id}", data={"paper": "roll"})
        jobs.run_all()
        job = db.session.query(Job).order_by(Job.id.desc()).first()
        seen += codes(files().get(job.result["parts"][0]["sha256"]))
    assert seen == [db.session.get_one(Equipment, piece.id).tag_code] * 2


def test_many_labels_come_in_several_files_with_progress(cast, monkeypatch):
    from app.equipment import jobs as printing

    monkeypatch.setattr(printing, "PER_FILE", 4)
    told = []
    job = Job(
        kind="equipment.labels",
        arguments={"codes": [tags.new_code() for _ in range(10)], "paper": "roll", "language": "en"},
    )
    db.session.add(job)
    db.session.commit()
    result = printing.print_labels(job, lambda done, total, _message: told.append((done, total)))
    assert [part["labels"] for part in result["parts"]] == [4, 4, 2]
    assert told == [(0, 10), (4, 10), (8, 10), (10, 10)]


def test_blank_labels_carry_unused_codes(cast, as_person):
    client = as_person("olga")
    client.send(client.page("/equipment/labels/blank"), {"count": "30"})
    jobs.run_all()
    job = db.session.query(Job).one()
    pdf = files().get(job.result["parts"][0]["sha256"])
    assert len(set(codes(pdf))) == 30
    assert "示范区消防救援大队" in text(pdf).replace("\n", "")
    assert "没有贴在任何器材上" in client.page(f"/e/{codes(pdf)[0]}").text


@pytest.mark.parametrize("count", ["0", "5001", "-1", "viele", ""])
def test_an_impossible_number_of_blank_labels_is_refused(cast, as_person, count):
    assert as_person("olga").post("/equipment/labels/blank", data={"count": count, "paper": "sheet"}).status_code == 422
    assert db.session.query(Job).count() == 0


def test_nobody_prints_labels_of_schools_that_are_not_theirs(cast, as_person):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    for who, status in (("pema", 403), ("stan", 403), ("beate", 403), ("dora", 403)):
        assert as_person(who).post("/equipment/labels", data={"paper": "sheet"}).status_code == status
    answer = as_person("oskar").post(f"/equipment/labels?piece={piece.id}", data={"paper": "sheet"})
    assert answer.status_code == 422
    assert db.session.query(Job).count() == 0
