"""Looks an installation over and says of each part in a line whether it is well."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.audit import service as audit
from app.config import Settings
from app.core import clock, jobs
from app.core.db import new_id
from app.core.extensions import db
from app.core.files import FileMissing, files
from app.documents import composing
from app.documents.models import IssuedDocument
from app.fieldwork.models import Photo
from app.notifications.models import Message
from app.notifications.rules import Channel, State
from app.operators import offline
from app.organisations.brigades import is_demo
from app.regulations.models import Calendar, CalendarYear, PackVersion

SAMPLE = 50
#: How a table is drawn from: at so many random ids, out of so many rows behind each.
DRAWS, BEHIND = 10, 200
#: Before this no row was made; where ids made by time begin.
FIRST_MADE = UUID(int=int(datetime(2025, 1, 1, tzinfo=UTC).timestamp() * 1000) << 80)


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and what to know or do."""

    part: str
    is_well: bool
    says: str


def _settings() -> Finding:
    settings: Settings = current_app.config["SETTINGS"]
    kind = "demo" if is_demo() else "production" if settings.production else "not flagged as demo"
    return Finding("settings", True, f"{kind}; data in {settings.data}; papers carry {settings.base_url}")


def _database() -> Finding:
    name = db.engine.dialect.name
    if name == "sqlite":
        said = db.session.scalar(sa.text("PRAGMA quick_check"))
        return Finding("database", said == "ok", f"{name}: {said}")
    return Finding("database", True, f"{name} {db.session.scalar(sa.text('SHOW server_version'))}")


def _migrations() -> Finding:
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    heads = set(scripts.get_heads())
    now = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    says = f"at {', '.join(sorted(now)) or 'nothing'}"
    return Finding(
        "migrations",
        now == heads,
        says if now == heads else f"{says}, wanted {', '.join(sorted(heads))}: run flask --app app db upgrade",
    )


def _store() -> Finding:
    mark = b"doctor was here"
    sha256 = files().put(mark)
    well = files().get(sha256) == mark
    settings: Settings = current_app.config["SETTINGS"]
    free = shutil.disk_usage(settings.data).free // (1 << 20)
    return Finding("files", well and free > 500, f"can be written and read; {free} MB free")


def _hashes() -> Finding:
    chosen = _drawn(Photo.id, Photo.sha256) + _drawn(IssuedDocument.id, IssuedDocument.file_sha256)
    bad = [sha256 for sha256 in chosen if not _is_sound(sha256)]
    says = f"{len(chosen)} drawn at random" + (f"; damaged or missing: {bad[0]}" if bad else "")
    return Finding("stored hashes", not bad, says)


def _drawn(key: Any, column: Any) -> list[str]:
    """Some stored hashes of a table, every row of which may be among them; costs the same however many there are.

    Ids are made by time or by chance (on tablets, of a form's bytes), so half of the points lie between the first and the last that
    were made by time, and half between the first and the last of all. Of the rows behind a point any is taken, for the first row after a quiet night would
    else come up more often than all that follow it.
    """
    everywhere = _ends(key, UUID(int=0), UUID(int=(1 << 128) - 1))
    if everywhere is None:
        return []
    timely = _ends(key, FIRST_MADE, new_id()) or everywhere
    chosen: set[str] = set()
    for first, last in [everywhere, timely] * (DRAWS // 2):
        point = UUID(int=random.randint(first.int, last.int))  # noqa: S311 (no secret)
        behind = _behind(key, column, point)
        chosen.update(random.sample(behind, min(SAMPLE // DRAWS, len(behind))))
    return random.sample(sorted(chosen), min(SAMPLE // 2, len(chosen)))


def _ends(key: Any, start: UUID, end: UUID) -> tuple[UUID, UUID] | None:
    """The first and the last id between these; None when there is none."""
    between = sa.select(key).where(key.between(start, end)).limit(1)
    first, last = (db.session.scalar(between.order_by(order)) for order in (key, key.desc()))
    return (first, last) if first is not None and last is not None else None


def _behind(key: Any, column: Any, point: UUID) -> list[str]:
    """The next rows from an id on; behind the last comes the first."""
    rows = sa.select(column).where(column.is_not(None)).order_by(key)
    found = list(db.session.scalars(rows.where(key >= point).limit(BEHIND)))
    return found + list(db.session.scalars(rows.where(key < point).limit(BEHIND - len(found))))


def _is_sound(sha256: str) -> bool:
    try:
        return hashlib.sha256(files().get(sha256)).hexdigest() == sha256
    except FileMissing:
        return False


def _fonts() -> Finding:
    status = composing.faces()
    note = "Song stands in for FangSong" if status.song_for_fangsong else "all faces there"
    return Finding("fonts", not status.missing, f"missing: {', '.join(status.missing)}" if status.missing else note)


def _worker() -> Finding:
    beat, waits = jobs.last_beat(), jobs.oldest_waiting()
    alive = beat is not None and clock.now() - beat < jobs.BEAT_LOST
    says = f"last seen {clock.local(beat):%Y-%m-%d %H:%M:%S}" if beat else "never seen"
    return Finding("worker", alive, says + ("; jobs are waiting" if waits else ""))


def _packs() -> Finding:
    versions = db.session.execute(sa.select(PackVersion.code, PackVersion.version).order_by(PackVersion.code)).all()
    return Finding(
        "packs",
        bool(versions),
        ", ".join(f"{code} v{version}" for code, version in versions) or "none: run flask --app app packs load",
    )


def _calendars() -> Finding:
    year = clock.today().year
    filled = set(
        db.session.scalars(sa.select(CalendarYear.calendar_id).where(CalendarYear.year == year, CalendarYear.is_filled))
    )
    empty = [c.name for c in db.session.scalars(sa.select(Calendar)) if c.id not in filled]
    return Finding("calendars", not empty, f"{year} filled" if not empty else f"{year} not filled: {'、'.join(empty)}")


def _audit() -> Finding:
    checked, broken = audit.verify()
    return Finding(
        "audit chain", broken is None, f"{checked} links sound" if broken is None else f"broken at link {broken}"
    )


def _messages() -> Finding:
    settings: Settings = current_app.config["SETTINGS"]
    since = clock.now() - timedelta(days=1)
    late = db.session.scalar(
        sa.select(sa.func.count()).where(
            Message.state == State.WAITING, Message.channel != Channel.CALL, Message.made_at < since
        )
    )
    ways = ", ".join(sorted(settings.channels)) or "no way is set, schools are on the call list"
    return Finding(
        "messages", not late, ways + (f"; {late} wait for more than a day: see /admin/messages" if late else "")
    )


def _offline() -> Finding:
    """Whether tablets may keep pages at this address."""
    settings: Settings = current_app.config["SETTINGS"]
    return Finding("tablets offline", *offline.look(settings.base_url))


CHECKS: tuple[Callable[[], Finding], ...] = (
    _settings, _database, _migrations, _store, _hashes, _fonts, _worker, _packs, _calendars, _audit, _messages, _offline,
)  # fmt: skip


def look_over() -> Iterator[Finding]:
    """Each part; one that cannot even be looked at is not well, and says why."""
    for check in CHECKS:
        try:
            yield check()
        except (sa.exc.SQLAlchemyError, OSError) as problem:
            db.session.rollback()
            yield Finding(check.__name__.strip("_"), False, f"{type(problem).__name__}: {problem}".splitlines()[0])
