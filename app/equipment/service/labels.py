"""Labels: giving codes, sticking them on pieces, taking them off, and asking for sheets to print."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import Job, enqueue
from app.equipment.models import KEPT, Equipment, EventKind, TagHistory
from app.equipment.rules import tags
from app.equipment.service.trail import must_be_kept, tell

MOST_LABELS = 5000


def fresh_codes(count: int) -> list[str]:
    """So many codes that no label, old or new, carries; two queries for any number."""
    codes: set[str] = set()
    while len(codes) < count:
        wanted = {tags.new_code() for _n in range(count - len(codes))}
        for column in (Equipment.tag_code, TagHistory.tag_code):
            for part in _parts(sorted(wanted)):
                wanted -= set(db.session.scalars(sa.select(column).where(column.in_(part))))
        codes |= wanted
    return sorted(codes)


def _parts(values: Sequence[Any], size: int = 500) -> Iterable[Sequence[Any]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def take_off(by: Viewer | None, piece: Equipment) -> str | None:
    """Take the label off a piece, and give its code; nothing happens where there is none."""
    code = piece.tag_code
    if code is None:
        return None
    db.session.execute(
        sa.update(TagHistory)
        .where(TagHistory.tag_code == code, TagHistory.equipment_id == piece.id, TagHistory.to_at.is_(None))
        .values(to_at=clock.now())
    )
    piece.tag_code = None
    tell(piece, EventKind.UNTAGGED, by, note=tags.spaced(code))
    db.session.flush()
    return code


def remove(by: Viewer, piece: Equipment) -> None:
    """Take the label off a piece because somebody says so."""
    code = take_off(by, piece)
    if code is None:
        raise DomainError(_("这件器材没有标签。"))
    audit.record(by, "remove_label", subject="equipment", subject_id=piece.id, detail={"code": code})
    db.session.flush()


def stick(by: Viewer | None, piece: Equipment, code: str) -> None:
    """Put a label on a piece; the label it had before comes off. Refused where the label is on another piece."""
    must_be_kept(piece)
    code = read_code(code)
    if piece.tag_code == code:
        return
    holder = db.session.scalar(sa.select(Equipment.id).where(Equipment.tag_code == code))
    if holder is not None:
        raise DomainError(_("这个标签编号已贴在另一件器材上。"), field="tag")
    take_off(by, piece)
    _use_up_blank(code)
    piece.tag_code = code
    db.session.add(TagHistory(tag_code=code, equipment_id=piece.id, by_id=by.person_id if by else None))
    tell(piece, EventKind.TAGGED, by, note=tags.spaced(code))
    audit.record(by, "stick_label", subject="equipment", subject_id=piece.id, detail={"code": code})
    db.session.flush()


def _use_up_blank(code: str) -> None:
    db.session.execute(
        sa.update(TagHistory)
        .where(TagHistory.tag_code == code, TagHistory.equipment_id.is_(None), TagHistory.to_at.is_(None))
        .values(to_at=clock.now())
    )


def read_code(text: str) -> str:
    """The code in what was typed or scanned. Raises DomainError with a sentence."""
    try:
        return tags.read(text)
    except tags.NotATag as problem:
        raise DomainError(sentence(problem), field="tag") from None


def sentence(problem: tags.NotATag) -> str:
    """Why a text is no code, for the person who typed it."""
    sentences = {
        tags.Flaw.EMPTY: lambda: _("请扫描标签，或输入标签上的 %(n)s 位编号。", n=tags.LENGTH),
        tags.Flaw.LENGTH: lambda: _(
            "标签编号是 %(n)s 位，您输入了 %(typed)s 位，请对照标签再输一次。", n=tags.LENGTH, typed=problem.about
        ),
        tags.Flaw.CHARACTER: lambda: _(
            "标签编号里没有“%(sign)s”。编号只用数字 2–9 和字母，不用 0、O、1、I、L，请对照标签再输一次。",
            sign=problem.about,
        ),
        tags.Flaw.CHECK: lambda: _("编号有误：可能有一位输错，或两位输反了。请对照标签再输一次。"),
    }
    return str(sentences[problem.flaw]())


def give_codes(by: Viewer | None, ids: Sequence[uuid.UUID]) -> int:
    """Give a code to each of these pieces that has none and is kept; returns how many got one. Few queries for any number."""
    bare: list[uuid.UUID] = []
    for part in _parts(ids):
        bare += db.session.scalars(
            sa.select(Equipment.id).where(
                Equipment.id.in_(part), Equipment.tag_code.is_(None), Equipment.status.in_(KEPT)
            )
        )
    if not bare:
        return 0
    given = [{"id": piece, "tag_code": code} for piece, code in zip(bare, fresh_codes(len(bare)), strict=True)]
    db.session.execute(sa.update(Equipment), given)
    now, person = clock.now(), by.person_id if by else None
    db.session.execute(
        sa.insert(TagHistory),
        [{"tag_code": g["tag_code"], "equipment_id": g["id"], "from_at": now, "by_id": person} for g in given],
    )
    audit.record(by, "give_codes", subject="equipment", subject_id="", detail={"pieces": len(given)})
    db.session.flush()
    return len(given)


def make_blanks(by: Viewer, count: int) -> list[str]:
    """Codes for a roll of blank labels, remembered as printed so that none is ever given twice."""
    if not 1 <= count <= MOST_LABELS:
        raise DomainError(_("一次可印 1 到 %(most)s 张。", most=MOST_LABELS), field="count")
    codes = fresh_codes(count)
    db.session.execute(
        sa.insert(TagHistory),
        [
            {"tag_code": c, "brigade_id": by.own_brigade_id, "from_at": clock.now(), "by_id": by.person_id}
            for c in codes
        ],
    )
    audit.record(by, "make_blank_labels", subject="equipment", subject_id="", detail={"labels": count})
    db.session.flush()
    return codes


def print_labels(by: Viewer, *, ids: Sequence[uuid.UUID], paper: str, language: str) -> Job:
    """Ask for the labels of these pieces as PDF; pieces without a code get one."""
    if not ids:
        raise DomainError(_("没有可打印标签的器材。"))
    if len(ids) > MOST_LABELS:
        raise DomainError(_("一次最多打印 %(most)s 张标签，请按学校或楼分开打印。", most=MOST_LABELS))
    give_codes(by, ids)
    arguments = {"pieces": [str(one) for one in ids], "paper": paper, "language": language}
    return enqueue("equipment.labels", arguments, by=by.person_id)


def print_blanks(by: Viewer, *, count: int, paper: str, language: str) -> Job:
    """Ask for a roll of blank labels as PDF."""
    arguments = {"codes": make_blanks(by, count), "agency": by.own_brigade_name, "paper": paper, "language": language}
    return enqueue("equipment.labels", arguments, by=by.person_id)
