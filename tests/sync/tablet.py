"""A tablet as tests play it: it keeps what it has not been answered, and sends it again as it was."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from werkzeug.test import TestResponse

from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.inspections import signed
from app.inspections.models import Inspection
from tests.browse import CheckedClient
from tests.factories import pictures
from tests.factories.rectification import pack_version_id

PIECE = 256 * 1024


def sha(content: bytes) -> str:
    """The name of a file."""
    return hashlib.sha256(content).hexdigest()


def digest_now(target: uuid.UUID) -> str:
    """What would be signed of a draft as it stands at the server."""
    row = db.session.get(Inspection, target)
    found = signed.digest_now(row) if row is not None else ""
    db.session.rollback()
    return found


def digest_after(ops: list[dict[str, Any]], *, head: dict[str, Any]) -> str:
    """What is signed of a draft that exists on the tablet alone: these operations, nobody else's."""
    stands = {(op["item"], op.get("place") or "", op["field"]): op["value"] for op in ops if "item" in op}
    answers = [
        [*key, value]
        for key, value in sorted(stands.items(), key=lambda pair: pair[0])
        if value and key[0] != "VISIT" and key[2] != "photo"
    ]
    shots = [
        (op["item"], op.get("place") or "", op["value"]["slot"], op["value"]["sha256"])
        for op in ops
        if op.get("field") == "photo"
    ]
    return signed.digest_of(head, answers, [list(one) for one in sorted(set(shots))])


def head_of(target: uuid.UUID, *, lead: uuid.UUID, second: uuid.UUID, school: uuid.UUID, **more: str) -> dict[str, Any]:
    """The head of a draft that a tablet began by the checklist in force."""
    return {
        "accompanying": "索南", "accompanying_post": "", "checklist": str(pack_version_id()), "id": str(target),
        "kind": "inspection", "lead": str(lead), "school": str(school), "second": str(second), "tier": "core",
    } | more  # fmt: skip


class Tablet:
    """One device with one signed-in browser."""

    def __init__(
        self, client: CheckedClient, device: str = "tab-1", *, clock_wrong_by: timedelta = timedelta(0)
    ) -> None:
        self.client, self.device, self.wrong = client, device, clock_wrong_by
        self.cursor = ""

    def now(self) -> datetime:
        """What its clock shows."""
        return clock.now() + self.wrong

    # what it sends -------------------------------------------------------------------------------------------

    def op(self, target: uuid.UUID, item: str = "MGT-01", value: Any = "pass", **more: Any) -> dict[str, Any]:
        """An answer by tap."""
        return {
            "op_id": str(new_id()), "target": {"kind": more.pop("kind", "inspection"), "id": str(target)}, "item": item, "field": "answer",
            "value": value, "base_rev": 0, "at": self.now().isoformat(), "via": "tap",
        } | more  # fmt: skip

    def act(self, act: str, target: uuid.UUID, value: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """create, finalise, resolve, correct."""
        return {
            "op_id": str(new_id()), "target": {"kind": more.pop("kind", "inspection"), "id": str(target)}, "act": act,
            "value": value or {}, "at": self.now().isoformat(),
        } | more  # fmt: skip

    def photo(self, target: uuid.UUID, content: bytes, item: str = "MGT-01", **more: Any) -> dict[str, Any]:
        """The declaration of a photo."""
        said = {"sha256": sha(content), "size": len(content), "slot": more.pop("slot", "close")}
        return self.op(target, item, said, field="photo", **more)

    def signature(self, target: uuid.UUID, role: str, name: str, **more: Any) -> dict[str, Any]:
        """A signature drawn on it."""
        said = {
            "role": role,
            "name": name,
            "strokes": pictures.strokes(),
            "digest": more.pop("digest", None) or digest_now(target),
        }
        return self.op(target, "VISIT", said, field="signature", **more)

    def body(self, ops: list[Any], **more: Any) -> dict[str, Any]:
        """The request that carries them."""
        return {
            "device": self.device, "proto": 1, "client_now": self.now().isoformat(), "cursor": self.cursor,
            "queue": {"ops": len(ops), "photos": 0, "drafts": 1}, "ops": ops,
        } | more  # fmt: skip

    def post(self, ops: list[Any], **more: Any) -> TestResponse:
        """Send; the answer as it is."""
        return self.client.post("/sync/ops", data=json.dumps(self.body(ops, **more)), content_type="application/json")

    def send(self, *ops: Any, **more: Any) -> list[dict[str, Any]]:
        """Send; the verdicts."""
        answer = self.post(list(ops), **more)
        assert answer.status_code == 200, answer.text[:2000]
        self.told = answer.json
        self.cursor = answer.json["cursor"]
        found: list[dict[str, Any]] = answer.json["results"]
        return found

    # files ---------------------------------------------------------------------------------------------------

    def offset(self, name: str) -> tuple[int, bool]:
        """Where an upload stands."""
        answer = self.client.head(f"/sync/blobs/{name}")
        assert answer.status_code == 200
        return int(answer.headers["Upload-Offset"]), answer.headers["Upload-Complete"] == "?1"

    def piece(self, name: str, content: bytes, *, offset: int, last: bool, **more: Any) -> TestResponse:
        """One piece."""
        return self.client.patch(
            f"/sync/blobs/{name}",
            data=content,
            content_type="application/octet-stream",
            headers={"Upload-Offset": str(offset), "Upload-Complete": "?1" if last else "?0"} | more.pop("headers", {}),
            **more,
        )

    def upload(self, content: bytes, *, size: int = PIECE) -> TestResponse:
        """A whole file in pieces."""
        name, answer = sha(content), None
        for start in range(0, max(len(content), 1), size):
            part = content[start : start + size]
            answer = self.piece(name, part, offset=start, last=start + size >= len(content))
            assert answer.status_code in (200, 422), answer.text
        assert answer is not None
        return answer
