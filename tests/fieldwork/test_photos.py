"""Photos as phones send them, and as they should not be."""

from __future__ import annotations

import io
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageFile

from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.core.pictures import Prepared, prepare
from app.documents import rendering
from app.fieldwork import queries, service
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import TargetKind
from app.inspections.models import Inspection, InspectionState
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories.inspections import draft


def _add(
    cast: Cast, row: Inspection, content: bytes, *, photo_id: uuid.UUID | None = None, name: str = "a.jpg"
) -> Photo:
    return service.add_photo(
        cast.viewer("ines"), photo_id=photo_id or new_id(), kind=TargetKind.INSPECTION, target_id=row.id, content=content,
        name=name, item="MGT-01", slot="close",
    )  # fmt: skip


def _sent_at_once(app: Flask, send: Callable[[], Photo], *, times: int = 2) -> list[uuid.UUID]:
    """So many threads that have looked whether the photo came before, and only then go on."""
    ready = threading.Barrier(times)

    def work(_number: int) -> uuid.UUID:
        with app.app_context():
            try:
                ready.wait(30)
                kept = send().id
                db.session.commit()
                return kept
            finally:
                db.session.remove()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


@pytest.fixture
def not_before_both_have_looked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """On PostgreSQL both senders have asked for the photo before one of them goes on; SQLite lets one in after the other."""
    if db.engine.dialect.name == "sqlite":
        return
    both = threading.Barrier(2)
    unpack = service.prepare

    def wait(content: bytes, *, name: str = "") -> Prepared:
        both.wait(30)
        return unpack(content, name=name)

    monkeypatch.setattr(service, "prepare", wait)


@pytest.mark.usefixtures("not_before_both_have_looked")
def test_a_photo_of_a_draft_that_comes_twice_at_the_same_moment_is_kept_once(app: Flask, cast: Cast) -> None:
    target, content, key = draft(cast).id, pictures.picture(), new_id()
    viewer = cast.viewer("ines")
    db.session.rollback()

    def send() -> Photo:
        return service.add_photo(
            viewer, photo_id=key, kind=TargetKind.INSPECTION, target_id=target, content=content, item="MGT-01", slot="close"
        )  # fmt: skip

    assert _sent_at_once(app, send) == [key, key]
    assert [photo.id for photo in db.session.scalars(sa.select(Photo))] == [key]
    assert [op.op_id for op in db.session.scalars(sa.select(AnswerOp))] == [key]


@pytest.mark.usefixtures("not_before_both_have_looked")
def test_the_same_bytes_by_two_ids_at_the_same_moment_are_one_photo_of_a_draft(app: Flask, cast: Cast) -> None:
    target, content, viewer = draft(cast).id, pictures.picture(), cast.viewer("ines")
    db.session.rollback()

    def send() -> Photo:
        return service.add_photo(
            viewer, photo_id=new_id(), kind=TargetKind.INSPECTION, target_id=target, content=content, item="MGT-01"
        )

    one, other = _sent_at_once(app, send)
    assert one == other


@pytest.mark.usefixtures("not_before_both_have_looked")
def test_a_photo_of_what_is_no_draft_that_comes_twice_at_the_same_moment_is_kept_once(app: Flask, cast: Cast) -> None:
    target, content, key = new_id(), pictures.picture(), new_id()

    def send() -> Photo:
        return service.add_photo(None, photo_id=key, kind=TargetKind.FINDING, target_id=target, content=content)

    assert _sent_at_once(app, send) == [key, key]
    assert db.session.scalars(sa.select(Photo.id)).all() == [key]


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.PNG"), ("WEBP", "a.webp"), ("HEIF", "a.heic")]
)
def test_the_four_kinds_are_read_by_content(kind: str, name: str) -> None:
    ready = prepare(pictures.picture(2400, 1800, kind=kind), name=name)
    shown = Image.open(io.BytesIO(ready.picture))
    assert (shown.format, shown.size) == ("JPEG", (1600, 1200))
    assert max(Image.open(io.BytesIO(ready.thumb)).size) == 320


def test_a_turned_photo_stands_upright() -> None:
    ready = prepare(pictures.with_exif(orientation=6))
    shown = Image.open(io.BytesIO(ready.picture)).convert("RGB")
    assert shown.size == (300, 400)
    top_right = shown.getpixel((290, 10))
    assert isinstance(top_right, tuple)
    assert top_right[0] > 150


def test_time_and_place_are_read_out_and_nothing_stays_in_the_picture() -> None:
    ready = prepare(pictures.with_exif())
    assert ready.taken_at is not None
    assert ready.taken_at.isoformat() == "2026-11-20T09:15:30+08:00"
    assert (ready.latitude, ready.longitude) == pytest.approx((29.65, 91.1))
    assert dict(Image.open(io.BytesIO(ready.picture)).getexif()) == {}
    assert "示范手机".encode() not in ready.picture


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.jpg", "0 字节"),
        (pictures.picture(800, 600)[:-3000], "a.jpg", "不完整"),
        (pictures.picture(800, 600, kind="PNG")[:-200], "a.png", "不完整"),
        (pictures.picture(kind="WEBP")[:-40], "a.webp", "损坏"),
        (pictures.picture(kind="HEIF")[:-400], "a.heic", "损坏"),
        (pictures.bomb(), "a.png", "像素过多"),
        (b"<html><script>alert(1)</script></html>", "a.jpg", "不是 JPEG"),
        (b"%PDF-1.7 not a photo", "a.jpg", "不是 JPEG"),
        (pictures.picture(kind="GIF"), "a.gif", "不是 JPEG"),
        (pictures.picture(kind="PNG"), "a.jpg", "内容却是 PNG"),
    ],
)
def test_what_is_no_sound_photo_is_refused_in_a_sentence(app: object, content: bytes, name: str, said: str) -> None:
    with pytest.raises(DomainError) as refused:
        prepare(content, name=name)
    assert said in refused.value.message
    assert name in refused.value.message


def test_a_transparent_picture_gets_a_white_ground() -> None:
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert Image.open(io.BytesIO(prepare(out.getvalue()).picture)).convert("RGB").getpixel((20, 20)) == (255, 255, 255)


def test_a_photo_is_named_by_its_hash_and_the_original_is_sealed_beside(cast: Cast) -> None:
    row, content = draft(cast), pictures.with_exif(orientation=6)
    photo = _add(cast, row, content)
    assert photo.original_sha256 == digest(content)
    assert files().get(photo.original_sha256) == content
    assert digest(files().get(photo.sha256)) == photo.sha256
    assert photo.taken_at is not None
    assert row.rev == 1


def test_the_same_photo_sent_twice_is_kept_once(cast: Cast) -> None:
    row, content, photo_id = draft(cast), pictures.picture(), new_id()
    first = _add(cast, row, content, photo_id=photo_id)
    assert _add(cast, row, content, photo_id=photo_id).id == first.id
    assert _add(cast, row, content).id == first.id
    assert len(queries.photos_of(TargetKind.INSPECTION, [row.id])) == 1


def test_a_withdrawn_photo_stays_on_record(cast: Cast) -> None:
    row = draft(cast)
    photo = _add(cast, row, pictures.picture())
    service.withdraw_photo(cast.viewer("ines"), photo)
    assert queries.photos_of(TargetKind.INSPECTION, [row.id]) == []
    assert db.session.get(Photo, photo.id) is not None
    assert files().has(photo.original_sha256)


def test_nothing_is_added_to_a_frozen_draft(cast: Cast) -> None:
    row = draft(cast, state=InspectionState.SIGNING, record="{}", record_sha256="0" * 64)
    with pytest.raises(DomainError):
        _add(cast, row, pictures.picture())


def test_only_who_may_see_the_inspection_sees_its_photos(cast: Cast, as_person: SignInAs) -> None:
    row = draft(cast)
    photo_id = _add(cast, row, pictures.picture()).id
    db.session.commit()

    def status(name: str) -> int:
        client: FlaskClient = as_person(name)
        return client.get(f"/photos/{photo_id}").status_code

    assert [status(name) for name in ("ines", "lea", "oskar", "pema", "otto", "beate")] == [
        200,
        200,
        404,
        404,
        404,
        404,
    ]


def test_a_picture_is_served_as_a_jpeg_without_its_metadata(cast: Cast, as_person: SignInAs) -> None:
    photo_id = _add(cast, draft(cast), pictures.with_exif()).id
    db.session.commit()
    answer = as_person("ines").get(f"/photos/{photo_id}")
    assert answer.mimetype == "image/jpeg"
    assert "示范手机".encode() not in answer.data
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert as_person("ines").get(f"/photos/{photo_id}?size=small").content_length < answer.content_length  # type: ignore[operator]


def test_half_a_photo_is_refused_also_where_papers_are_made(app: Flask) -> None:
    rendering.render("<html lang='zh-CN'><title>x</title><p>消防</p></html>", made=datetime(2026, 11, 22, tzinfo=UTC))
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_photo_that_is_small_enough_is_shown_as_it_came_without_what_is_told_beside_it() -> None:
    plain = pictures.picture(1200, 900)
    told = pictures.with_exif(width=1200, height=900)
    comment = b"\xff\xfe\x00\x09secret!"
    for content in (
        plain,
        told,
        plain[:2] + comment + plain[2:],
        plain + b"PK\x03\x04 more",
        plain[:-2] + b"\xff\xff\xd9",
    ):
        ready = prepare(content)
        shown = Image.open(io.BytesIO(ready.picture))
        assert shown.tobytes() == Image.open(io.BytesIO(content)).tobytes()
        assert (shown.size, dict(shown.getexif()), "comment" in shown.info) == ((1200, 900), {}, False)
        assert not [word for word in (b"secret", b"Exif", b"PK\x03\x04") if word in ready.picture]
        assert max(Image.open(io.BytesIO(ready.thumb)).size) == 320
    assert prepare(told).taken_at is not None


@pytest.mark.parametrize(
    "more", [{"progressive": True}, {"subsampling": 0}, {"quality": 100}, {"icc_profile": b"x" * 200}]
)
def test_other_jpegs_show_the_same_picture_and_nothing_else(more: dict[str, object]) -> None:
    content = pictures.picture(800, 600, **more)
    shown = Image.open(io.BytesIO(prepare(content).picture))
    here, there = (one.convert("L").resize((40, 30)) for one in (shown, Image.open(io.BytesIO(content))))
    assert max(abs(a - b) for a, b in zip(here.tobytes(), there.tobytes(), strict=True)) < 12
    assert "icc_profile" not in shown.info


@pytest.mark.parametrize("cut", [10, 400, -3, -600])
def test_a_small_photo_that_was_cut_is_refused(cut: int) -> None:
    with pytest.raises(DomainError):
        prepare(pictures.picture(1200, 900)[:cut])
