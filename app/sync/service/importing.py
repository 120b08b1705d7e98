"""What a tablet could not send and exported as a file: read, found to be whole, and taken in as if the tablet had sent it itself."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest
from app.sync import reading
from app.sync.reading import Operation, Request, as_id, as_moment, as_text
from app.sync.rules import MOST_OPS, PROTO, is_sha256
from app.sync.service import receiving, uploads

#: What the first line of such a file says.
KIND = "unsent work"


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a file carries: whose tablet, when, its operations; `others`: what lies on it under other people's PINs."""

    device: str
    owner_id: uuid.UUID | None
    owner: str
    at: datetime | None
    skew: timedelta
    ops: list[Operation | Any]
    photos: int
    others: int

    def requests(self) -> Iterator[Request]:
        """The operations as the tablet would send them, one request after the other."""
        for start in range(0, len(self.ops), MOST_OPS):
            yield Request(
                device=self.device, client_now=clock.now() - self.skew, cursor="", build="", waiting={}, grants={}, passwords={},
                ops=self.ops[start : start + MOST_OPS],
            )  # fmt: skip


def _foreign() -> DomainError:
    return DomainError(_("这不是从平板导出的文件。请选择名称以 xiaofang- 开头、以 .ndjson 结尾的文件。"), field="file")


def _cut() -> DomainError:
    return DomainError(
        _("文件不完整，可能没有拷贝完。没有导入任何内容，请重新拷贝，或在平板上重新导出。"), field="file"
    )


def _changed() -> DomainError:
    return DomainError(
        _("文件内容与导出时不一致，可能已损坏或被改动。没有导入任何内容，请在平板上重新导出。"), field="file"
    )


def _sealed() -> DomainError:
    return DomainError(_("文件里有另一位人员加密的内容，这里打不开。请其本人在平板上输入 PIN 后再导出。"), field="file")


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, Mapping[str, Any]]]:
    """Each line of the file and what it says. Raises DomainError where it says nothing or ends amid a line."""
    file.seek(0)
    for number, line in enumerate(file):
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            raise _foreign() if number == 0 else (_changed() if line.endswith(b"\n") else _cut()) from None
        if not isinstance(said, dict):
            raise _foreign() if number == 0 else _changed()
        yield line, said


def _photo(said: Mapping[str, Any]) -> tuple[str, bytes]:
    about, text = said.get("photo"), said.get("bytes")
    name = about.get("sha256") if isinstance(about, dict) else None
    try:
        content = base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except (ValueError, binascii.Error):
        raise _changed() from None
    if not is_sha256(name) or digest(content) != name:
        raise _changed()
    return str(name), content


def _operation(said: Mapping[str, Any], owner_id: uuid.UUID | None) -> Operation | Any:
    raw = said["op"]
    if not isinstance(raw, dict):
        raise _changed()
    if "box" in raw:
        raise _sealed()
    raw = raw if raw.get("by") or owner_id is None else {**raw, "by": str(owner_id)}
    return reading.operation(raw) or raw


def _head(said: Mapping[str, Any]) -> Mapping[str, Any]:
    if said.get("xiaofang") != KIND or not as_text(said.get("device"), 64):
        raise _foreign()
    if not isinstance(said.get("proto"), int) or said["proto"] > PROTO:
        raise DomainError(_("文件来自更新的版本，这里还不能读取。请先更新服务器。"), field="file")
    return said


def read(file: BinaryIO) -> Carried:
    """The file from its first line to its last, every photo held against its name: all of it is right, or nothing is taken in."""
    head: Mapping[str, Any] | None = None
    owner: Mapping[str, Any] = {}
    end: Any = None
    found, ops, photos = hashlib.sha256(), list[Operation | Any](), 0
    for line, said in _lines(file):
        if end is not None:
            raise _changed()
        if head is None:
            head = _head(said)
            owner = head["user"] if isinstance(head.get("user"), dict) else {}
        elif "op" in said:
            ops.append(_operation(said, as_id(owner.get("id"))))
        elif "photo" in said:
            _photo(said)
            photos += 1
        elif "end" in said:
            end = said["end"]
        else:
            raise _changed()
        if "photo" not in said and "end" not in said:
            found.update(line)
    if head is None:
        raise _foreign()
    if end is None:
        raise _cut()
    if end != {"ops": len(ops), "photos": photos, "sha256": found.hexdigest()}:
        raise _changed()
    return Carried(
        device=as_text(head.get("device"), 64), owner_id=as_id(owner.get("id")), owner=as_text(owner.get("name"), 80),
        at=as_moment(head.get("at")), skew=_skew(head.get("offset")), ops=ops, photos=photos, others=_count(head.get("others")),
    )  # fmt: skip


def _count(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < 10**6 else 0


def _skew(milliseconds: Any) -> timedelta:
    """How far the tablet's clock was behind ours when it heard of us last."""
    known = isinstance(milliseconds, (int, float)) and abs(milliseconds) < 10**12
    return timedelta(milliseconds=milliseconds) if known else timedelta(0)


def photos(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The photos of a file that has been read, one after the other."""
    for _line, said in _lines(file):
        if "photo" in said:
            yield _photo(said)


def take_photo(viewer: Viewer, name: str, content: bytes, *, device: str) -> None:
    """Keep a photo as if the tablet had uploaded it; what it had sent of it before is gone on with. The caller commits.

    Ends the transaction first, in which only has been read so far: nothing is held while pictures are made.
    """
    stands = uploads.standing(viewer.person_id, name)
    db.session.rollback()
    if not stands.complete:
        try:
            uploads.add_piece(viewer.person_id, name, content[stands.offset :], offset=stands.offset, is_last=True)
        except uploads.WrongHash:  # the piece from before was none of it, and is thrown away
            uploads.add_piece(viewer.person_id, name, content, offset=0, is_last=True)
        uploads.prepare_pictures(name)
        uploads.note_whole(name, person_id=viewer.person_id, device=device)
    receiving.file_has_come(name)
