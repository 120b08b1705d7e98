"""What tests of inspections do over and over: fill an area, finish, sign."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Mapping
from typing import Any

from flask.testing import FlaskClient

from app.accounts.service import hash_password
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentKind
from app.inspections.models import Inspection
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories.grounds import campus


def rows_of(html: str) -> dict[str, str]:
    """The rows of a filling page: form name → item code."""
    return dict(re.findall(r'data-row="([^"]+)" data-item="([^"]+)"', html))


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found.group(1)


def areas_of(html: str) -> list[str]:
    """Keys of the areas in the menu, in the order of the walk, without the list of what was not seen."""
    found = re.findall(r'href="[^"]*\?area=([^"#&]+)', html[: html.index("<main")])
    return [key for key in dict.fromkeys(found) if key != "unseen"]


def form_of(html: str, **more: Any) -> dict[str, Any]:
    """What a browser without script would send of a filling page as it is."""
    data: dict[str, Any] = {k: hidden(html, k) for k in ("render", "rev", "area")}
    for name in rows_of(html):
        data[f"{name}.note"] = ""
        checked = re.search(rf'name="{re.escape(name)}" value="([^"]+)" checked', html)
        if checked:
            data[name] = checked.group(1)
    return data | more


def fill(
    client: FlaskClient, inspection_id: uuid.UUID, area: str, answers: Mapping[str, Any] | None = None, **more: Any
) -> Any:
    """Open an area, answer its rows (合格 unless said otherwise) and save; returns the answer."""
    html = client.get(f"/inspections/{inspection_id}?area={area}").text
    data = form_of(html)
    for name, item in rows_of(html).items():
        data[name] = (answers or {}).get(name, "pass")
        if f'name="{name}.reading"' in html and data[name] == "pass":
            data[name] = "na"
        del item
    return client.post(f"/inspections/{inspection_id}", data=data | {"do": "save"} | more)


def fill_all(
    client: FlaskClient, inspection_id: uuid.UUID, answers: Mapping[str, Any] | None = None, **more: Any
) -> None:
    """Answer every row of every area."""
    html = client.get(f"/inspections/{inspection_id}", follow_redirects=True).text
    for area in areas_of(html):
        page = client.get(f"/inspections/{inspection_id}?area={area}").text
        own = {k: v for k, v in more.items() if k.rsplit(".", 1)[0].removesuffix(".photo") in rows_of(page)}
        answer = fill(client, inspection_id, area, answers, **own)
        assert answer.status_code == 302, answer.text[:3000]


def photo(name: str = "a.jpg", *, seed: int = 0) -> tuple[io.BytesIO, str]:
    """A photo as a form sends it."""
    return io.BytesIO(pictures.picture(seed=seed)), name


def finish(client: FlaskClient, inspection_id: uuid.UUID, second_id: uuid.UUID, **more: Any) -> Any:
    """Press 完成 on the review page."""
    data = {"second_id": str(second_id), "accompanying": "索南", "accompanying_post": "安全干事", "do": "finalise"}
    return client.post(f"/inspections/{inspection_id}/review", data=data | more)


def sign(client: FlaskClient, inspection_id: uuid.UUID, **more: Any) -> Any:
    """Sign in all three boxes at once, the second officer with a password."""
    data = {
        "lead.strokes": pictures.strokes(),
        "second.strokes": pictures.strokes(),
        "second.password": "two officers",
        "school.strokes": pictures.strokes(),
        "school.name": "索南",
        "school.post": "安全干事",
    }
    return client.post(f"/inspections/{inspection_id}/signatures", data=data | more)


def signed(cast: Cast, as_person: SignInAs, *, pieces: int = 8) -> Inspection:
    """A signed inspection of Pema's school, with one extinguisher that failed."""
    school = campus(cast, pieces=pieces)
    cast.person("ivo").password_hash = hash_password("two officers")
    bad = db.session.query(Equipment).filter_by(kind=EquipmentKind.EXTINGUISHER).first()
    assert bad is not None
    client = as_person("ines")
    people = {"form": "spot_check", "tier": "core", "second_id": str(cast.people["ivo"])}
    client.post(f"/inspections/new?school={school.id}", data=people)
    row = db.session.query(Inspection).order_by(Inspection.started_at.desc()).first()
    assert row is not None
    inspection_id, name = row.id, f"PIECE@{bad.id}"
    fill_all(client, inspection_id, {name: "fail"}, **{f"{name}.fault": "EXT-17:red", f"{name}.photo": photo()})
    assert finish(client, inspection_id, cast.people["ivo"]).status_code == 302
    answer = sign(client, inspection_id)
    assert answer.status_code == 302, answer.text
    db.session.expire_all()
    return db.session.get_one(Inspection, inspection_id)
