"""What the signers of a draft have before them, as one digest: a tablet says with it what was signed, the server reckons it again."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

import rfc8785

from app.fieldwork import queries as fieldwork
from app.fieldwork.models import Photo
from app.fieldwork.rules import PHOTO, Folded
from app.inspections import queries
from app.inspections.models import Inspection
from app.inspections.rules.fields import VISIT


def _id(value: uuid.UUID | None) -> str:
    return str(value) if value else ""


def head_of(inspection: Inspection) -> dict[str, Any]:
    """Who, where and by what, as the signers see it; in the order of its keys."""
    return {
        "accompanying": inspection.accompanying,
        "accompanying_post": inspection.accompanying_post,
        "checklist": str(inspection.pack_version_id),
        "id": str(inspection.id),
        "kind": inspection.kind.value,
        "lead": _id(inspection.lead_id),
        "school": str(inspection.school_id),
        "second": _id(inspection.second_id),
        "tier": inspection.tier,
    }


def answers_of(folded: Folded) -> list[list[Any]]:
    """What stands in each field of each row, in order. A field that was emptied again says as little as one never filled."""
    return [
        [item, place, name, register.value]
        for (item, place, name), register in sorted(folded.registers.items(), key=lambda pair: pair[0])
        if item != VISIT and name != PHOTO and register.value not in ("", None, False, [])
    ]


def photos_of(photos: Iterable[Photo]) -> list[list[str]]:
    """Place, slot and SHA-256 of every photo that was not withdrawn, in order; the same photo once."""
    found = {(p.item, p.place, p.slot, p.original_sha256 or "") for p in photos if p.withdrawn_at is None}
    return [list(one) for one in sorted(found)]


def digest_of(head: dict[str, Any], answers: list[list[Any]], photos: list[list[str]]) -> str:
    """SHA-256 over the RFC 8785 text of what is signed."""
    content: dict[str, Any] = {"answers": answers, "head": head, "photos": photos}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def digest(inspection: Inspection, folded: Folded, photos: Iterable[Photo]) -> str:
    """The digest of a draft whose fields and photos are at hand."""
    return digest_of(head_of(inspection), answers_of(folded), photos_of(photos))


def digest_now(inspection: Inspection) -> str:
    """The digest of a draft as it stands, in two queries."""
    photos = fieldwork.photos_of(queries.target_kind(inspection), [inspection.id])
    return digest(inspection, fieldwork.folded(inspection.id), photos)
