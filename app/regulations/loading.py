"""Bringing packs and calendars from files into the database; a published version comes in once and never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.extensions import db
from app.regulations import pack_files
from app.regulations.models import Calendar, CalendarDay, CalendarLayer, CalendarYear, DutyRule, PackVersion
from app.regulations.pack_check import problems_of
from app.regulations.queries import forget_versions
from app.regulations.rules.calendars import span


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of one version or calendar: `loaded`, `unchanged` or `unpublished`."""

    name: str
    outcome: str


def _existing(content: Mapping[str, Any]) -> PackVersion | None:
    pack = content["pack"]
    return db.session.scalar(
        sa.select(PackVersion).where(PackVersion.code == pack["code"], PackVersion.version == pack["version"])
    )


def _insert(content: Mapping[str, Any], sha256: str) -> None:
    pack = content["pack"]
    version = PackVersion(
        code=pack["code"],
        version=pack["version"],
        country=pack["country"],
        name=content["title"]["zh"],
        name_en=content["title"]["en"],
        valid_from=date.fromisoformat(pack["valid_from"]),
        sha256=sha256,
        content=pack_files.canonical(content).decode(),
    )
    db.session.add(version)
    db.session.flush()
    db.session.add_all(
        DutyRule(pack_version_id=version.id, code=duty["code"], content=duty) for duty in content.get("duties", ())
    )


def _is_loaded(path: Path, lock: Mapping[str, str]) -> str:
    """The name of a version that is published and loaded as it stands in the files; else nothing."""
    try:
        content = pack_files.read_pack(path)
        name, sha256 = pack_files.name_of(content), pack_files.fingerprint(content)
    except (pack_files.PackUnreadable, KeyError, TypeError, ValueError):
        return ""  # the check that follows says what is wrong
    row = _existing(content) if lock.get(name) == sha256 else None
    return name if row is not None and row.sha256 == sha256 else ""


def _load_pack(path: Path, lock: Mapping[str, str]) -> Loaded:
    if name := _is_loaded(path, lock):
        return Loaded(name, "unchanged")
    problems = problems_of(path)
    if problems:
        raise DomainError(_("规程包 %(path)s 有问题：%(first)s", path=path.name, first=str(problems[0])))
    content = pack_files.read_pack(path)
    name, sha256 = pack_files.name_of(content), pack_files.fingerprint(content)
    if name not in lock:
        return Loaded(name, "unpublished")
    if lock[name] != sha256 or _existing(content) is not None:
        raise DomainError(_("规程包 %(name)s 已发布，内容不能再改。请恢复原文件，修改请另立新版本。", name=name))
    _insert(content, sha256)
    return Loaded(name, "loaded")


def load_packs(root: Path = pack_files.PACKS) -> list[Loaded]:
    """Load every published pack version and every calendar that is not there yet. Doing it twice changes nothing."""
    lock = pack_files.published(pack_files.lock_of(root))
    done = [_load_pack(path, lock) for path in pack_files.pack_paths(root)]
    forget_versions()
    return done + load_calendars(root)


def load_calendars(root: Path = pack_files.PACKS) -> list[Loaded]:
    """Load the shipped years that the database has no entry for; the office's own stay as they are."""
    done = [_load_calendar(content) for content in pack_files.calendar_files(root)]
    db.session.flush()
    return done


def _days(calendar: Calendar, year: Mapping[str, Any]) -> list[CalendarDay]:
    off = [(d, False, run["name"]) for run in year["days_off"] for d in span(*map(_day, (run["from"], run["to"])))]
    worked = [(_day(entry["day"]), True, entry["name"]) for entry in year["days_worked"]]
    return [
        CalendarDay(calendar_id=calendar.id, day=d, is_working=works, name=name, source=year["source"])
        for d, works, name in [*off, *worked]
    ]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _load_calendar(content: Mapping[str, Any]) -> Loaded:
    head = content["calendar"]
    calendar = db.session.scalar(sa.select(Calendar).where(Calendar.code == head["code"]))
    if calendar is None:
        calendar = Calendar(
            code=head["code"],
            layer=CalendarLayer(head["layer"]),
            area_code=head.get("area"),
            name=head["zh"],
            name_en=head["en"],
            expects=head.get("expects", []),
        )
        db.session.add(calendar)
        db.session.flush()
    known = set(db.session.scalars(sa.select(CalendarYear.year).where(CalendarYear.calendar_id == calendar.id)).all())
    fresh = [year for year in content["years"] if year["year"] not in known]
    for year in fresh:
        db.session.add(CalendarYear(calendar_id=calendar.id, year=year["year"], is_filled=year["filled"]))
        db.session.add_all(_days(calendar, year))
    return Loaded(head["code"], "loaded" if fresh else "unchanged")
