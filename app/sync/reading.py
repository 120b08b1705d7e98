"""Reading what a tablet sent: a request of operations, and each operation by itself, so that one that makes no sense costs no other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.core.files import digest
from app.fieldwork.rules import TargetKind, Via, canonical, unkeepable
from app.sync.rules import MIN_PROTO, MOST_OPS, is_sha256

ACTS = frozenset({"create", "finalise", "reopen", "resolve", "correct", "label"})
PHOTO, SIGNATURE = "photo", "signature"
#: Logs are begun and finished by one act.
LOGS = frozenset({TargetKind.DRILL, TargetKind.TRAINING})
#: What can be filled on a tablet now.
KINDS = frozenset({TargetKind.INSPECTION, TargetKind.RECHECK}) | LOGS
#: A signature's strokes are long; nothing else is.
LONGEST_OP = 700_000


class Unreadable(Exception):
    """The whole request makes no sense; `code` is what the answer says."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation. `what` is its field or act; `trouble` says why it can not be read."""

    op_id: uuid.UUID
    digest: str
    content: Mapping[str, Any]
    what: str = ""
    act: bool = False
    kind: str = ""
    target_id: uuid.UUID | None = None
    item: str = ""
    place: str = ""
    value: Any = None
    base_rev: int | None = None
    at: datetime | None = None
    by_id: uuid.UUID | None = None
    via: Via = Via.TAP
    trouble: str = ""

    @property
    def is_plain(self) -> bool:
        """A field that is applied as it is, together with its neighbours."""
        return not self.act and not self.trouble and self.what not in (PHOTO, SIGNATURE)

    @property
    def said(self) -> Mapping[str, Any]:
        """The value of an act, a photo or a signature."""
        return self.value if isinstance(self.value, Mapping) else {}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What one request carries. An entry of `ops` is the operation, or what was sent in the place of one."""

    device: str
    client_now: datetime | None
    cursor: str
    build: str
    waiting: dict[str, int]
    grants: Mapping[str, str]
    passwords: Mapping[str, str]
    ops: Sequence[Operation | Any] = field(default_factory=list)


def as_id(value: Any) -> uuid.UUID | None:
    """An id, or None."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def as_moment(value: Any) -> datetime | None:
    """A moment with its zone, or None."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def as_text(value: Any, longest: int) -> str:
    """A text, cut; anything else is empty."""
    return value.replace("\x00", "")[:longest].strip() if isinstance(value, str) and not unkeepable(value) else ""


def files_named(said: Mapping[str, Any]) -> list[str]:
    """Photos that a log names, in their order, each once."""
    listed = said.get("photos")
    found = [_mapping(one).get("sha256") for one in listed] if isinstance(listed, list) else []
    return list(dict.fromkeys(str(sha) for sha in found if is_sha256(sha)))


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _via(value: Any) -> Via:
    return Via(value) if value in set(Via) else Via.TAP


def _trouble(raw: Mapping[str, Any], text: str, kind: str) -> str:
    if len(text) > LONGEST_OP:
        return "too_long"
    if unkeepable(raw):
        return "bad_value"
    if kind not in set(TargetKind) or as_id(_mapping(raw.get("target")).get("id")) is None:
        return "bad_operation"
    if kind not in KINDS:
        return "kind_not_yet"
    act = raw.get("act")
    if kind in LOGS and act != "create":
        return "bad_operation"
    if act is not None:
        return "" if act in ACTS and isinstance(raw.get("value", {}), Mapping) else "bad_operation"
    sizes = (("item", 40), ("place", 40), ("field", 24))
    if any(not isinstance(raw.get(name) or "", str) or len(raw.get(name) or "") > most for name, most in sizes):
        return "bad_operation"
    return "" if raw.get("item") and raw.get("field") else "bad_operation"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def operation(raw: Any) -> Operation | None:
    """An operation; None for what has not even an id."""
    op_id = as_id(_mapping(raw).get("op_id"))
    if op_id is None:
        return None
    text = canonical(raw)
    target = _mapping(raw.get("target"))
    kind = target.get("kind") if isinstance(target.get("kind"), str) else ""
    trouble = _trouble(raw, text, str(kind))
    keepable = trouble not in ("too_long", "bad_value")
    found = Operation(
        op_id=op_id,
        digest=digest(text.encode("utf-8", "surrogatepass")),
        content=dict(raw) if keepable else {"unkept": ascii(text[:2000])},
        kind=str(kind)[:16] if keepable else "",
        target_id=as_id(target.get("id")),
        trouble=trouble,
    )
    if trouble:
        return found
    act = raw.get("act")
    return Operation(
        **{name: getattr(found, name) for name in ("op_id", "digest", "content", "kind", "target_id")},
        what=str(act or raw["field"]),
        act=act is not None,
        item=str(raw.get("item") or ""),
        place=str(raw.get("place") or ""),
        value=raw.get("value"),
        base_rev=_integer(raw.get("base_rev")),
        at=as_moment(raw.get("at")),
        by_id=as_id(raw.get("by")),
        via=_via(raw.get("via")),
    )


def _counts(value: Any) -> dict[str, int]:
    found = {name: _integer(_mapping(value).get(name)) for name in ("ops", "photos", "drafts")}
    return {name: number for name, number in found.items() if number is not None}


def _secrets(value: Any) -> dict[str, str]:
    return {k: v for k, v in list(_mapping(value).items())[:10] if isinstance(v, str) and len(v) <= 200}


def request_of(body: Any) -> Request:
    """What a request carries. Raises Unreadable."""
    if not isinstance(body, Mapping) or not isinstance(body.get("ops"), list):
        raise Unreadable("bad_request")
    device = as_text(body.get("device"), 64)
    if not device:
        raise Unreadable("bad_request")
    if (_integer(body.get("proto")) or 0) < MIN_PROTO:
        raise Unreadable("too_old", 426)
    if len(body["ops"]) > MOST_OPS:
        raise Unreadable("too_many", 413)
    cursor = body.get("cursor")
    return Request(
        device=device,
        client_now=as_moment(body.get("client_now")),
        cursor=cursor if isinstance(cursor, str) and len(cursor) <= 20_000 else "",
        build=as_text(body.get("build"), 40),
        waiting=_counts(body.get("queue")),
        grants=_secrets(body.get("grants")),
        passwords=_secrets(body.get("passwords")),
        ops=[operation(one) or one for one in body["ops"]],
    )
