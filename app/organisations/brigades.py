"""Acts on brigades: found one, change its data and settings; and what kind of database this is."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations.models import Area, Brigade, BrigadeKind, Installation
from app.organisations.settings import checked

DETAILS = ("name", "name_bo", "name_en", "code_word", "phone", "address")


def _check_name(name: str, *, but: uuid.UUID | None = None) -> str:
    name = name.strip()
    if not name:
        raise DomainError(_("请输入单位名称。"), field="name")
    taken = sa.select(Brigade.id).where(Brigade.name == name, Brigade.id != (but or uuid.UUID(int=0)))
    if db.session.scalar(taken):
        raise DomainError(_("已有同名单位。"), field="name")
    return name


def found_brigade(
    by: Any,
    *,
    name: str,
    kind: BrigadeKind,
    area_code: str,
    parent_id: uuid.UUID | None = None,
    code_word: str = "",
    name_bo: str = "",
    name_en: str = "",
    phone: str = "",
    address: str = "",
) -> Brigade:
    """Add a unit of the fire service. `by` None is the command line."""
    if db.session.get(Area, area_code) is None:
        raise DomainError(_("没有这个行政区划代码：%(code)s。", code=area_code), field="area_code")
    if kind is BrigadeKind.STATION and parent_id is None:
        raise DomainError(_("消防站须有上级大队。"), field="parent")
    unit = Brigade(
        name=_check_name(name),
        kind=kind,
        area_code=area_code,
        parent_id=parent_id,
        code_word=code_word.strip(),
        name_bo=name_bo.strip(),
        name_en=name_en.strip(),
        phone=phone.strip(),
        address=address.strip(),
    )
    db.session.add(unit)
    db.session.flush()
    audit.record(by, "found_brigade", subject="brigade", subject_id=unit.id, detail={"name": unit.name})
    return unit


def change_brigade(by: Any, *, unit: Brigade, **details: str) -> None:
    """Change names, code word, telephone and address of a unit; papers issued before keep what they say."""
    details["name"] = _check_name(details["name"], but=unit.id)
    changed = {}
    for key in DETAILS:
        value = details[key].strip()
        if getattr(unit, key) != value:
            changed[key] = [getattr(unit, key), value]
            setattr(unit, key, value)
    if changed:
        audit.record(by, "change_brigade", subject="brigade", subject_id=unit.id, detail=changed)


def change_settings(by: Any, *, unit: Brigade, values: dict[str, Any]) -> None:
    """Set what a brigade decides for itself."""
    after = checked(values)
    changed = {key: [unit.settings.get(key), value] for key, value in after.items() if unit.settings.get(key) != value}
    if changed:
        unit.settings = {**unit.settings, **after}
        audit.record(by, "change_settings", subject="brigade", subject_id=unit.id, detail=changed)


def has_any() -> bool:
    """Whether any brigade is registered: an empty database is neither demo nor in earnest yet."""
    return db.session.scalar(sa.select(Brigade.id).limit(1)) is not None


def is_demo() -> bool:
    """Whether this database was made as a demo; it stays one for ever."""
    return bool(db.session.scalar(sa.select(Installation.is_demo)))


def mark_as_demo() -> None:
    """Flag this database as a demo. There is no way back."""
    installation = db.session.get(Installation, 1) or Installation(id=1)
    installation.is_demo = True
    db.session.add(installation)
    db.session.flush()
