"""What tests of inspections do over and over: fill an area, finish, sign, as a browser without script does it."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from app.accounts.service import hash_password
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentKind
from app.inspections.models import Inspection
from app.schools.models import School
from tests.browse import CheckedClient, Page
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories.grounds import campus

PASSWORD = "two officers"


def rows_of(page: Page) -> dict[str, str]:
    """The rows of a filling page: form name → item code."""
    return {str(row.get("data-row")): str(row.get("data-item")) for row in page.all("//fieldset[@data-row]")}


def areas_of(page: Page) -> list[str]:
    """Addresses of the areas in the menu, in the order of the walk, without the list of what was not seen."""
    found = [str(a.get("href")) for a in page.all('//nav[contains(@class, "sheet-areas")]//a')]
    return [href for href in found if not href.endswith("area=unseen")]


def address(inspection: Inspection | uuid.UUID, area: str = "") -> str:
    """The address of a draft, or of one of its areas."""
    key = inspection if isinstance(inspection, uuid.UUID) else inspection.id
    return f"/inspections/{key}" + (f"?area={area}" if area else "")


def page_with(client: CheckedClient, inspection: Inspection | uuid.UUID, row: str) -> Page:
    """The area that shows a row."""
    for href in areas_of(client.page(address(inspection))):
        page = client.page(href)
        if row in rows_of(page):
            return page
    raise AssertionError(f"no area shows {row}")


def answer(client: CheckedClient, page: Page, values: dict[str, Any], *, button: str = "保存") -> TestResponse:
    """Change some fields of an area's form and press a button of it; redirects are not followed."""
    return client.send(page, values, form="render", button=button, follow=False)


def fill_all(
    client: CheckedClient, inspection: Inspection | uuid.UUID, answers: Mapping[str, str] | None = None, **more: Any
) -> None:
    """Answer every open row of every area (合格 unless said otherwise); `more` are further fields of rows."""
    for href in areas_of(client.page(address(inspection))):
        page = client.page(href)
        rows = rows_of(page)
        values: dict[str, Any] = {name: (answers or {}).get(name, "pass") for name in rows}
        values |= {k: v for k, v in more.items() if any(k.startswith(f"{name}.") for name in rows)}
        done = answer(client, page, values)
        assert done.status_code == 302, done.text[:3000]


def photo(name: str = "a.jpg", *, seed: int = 0) -> tuple[io.BytesIO, str]:
    """A photo as a form sends it."""
    return io.BytesIO(pictures.picture(seed=seed)), name


def begin(
    client: CheckedClient, school: School | uuid.UUID, cast: Cast, *, second: str = "ivo", **more: Any
) -> uuid.UUID:
    """Start an inspection from the school's page; returns its id."""
    school_id = school if isinstance(school, uuid.UUID) else school.id
    page = client.page(f"/inspections/new?school={school_id}")
    values = {"second_id": str(cast.people[second]) if second else ""} | more
    begun = client.send(page, values, form="tier", button="开始检查", follow=False)
    assert begun.status_code == 302, begun.text[:3000]
    found = re.search(r"/inspections/([0-9a-f-]{36})", begun.headers["Location"])
    assert found
    return uuid.UUID(found.group(1))


def finish(client: CheckedClient, inspection: Inspection | uuid.UUID, **more: Any) -> TestResponse:
    """Press 完成 on the review page."""
    page = client.page(f"{address(inspection)}/review")
    return client.send(page, more, form="second_id", button="完成", follow=False)


def three_signatures(**more: Any) -> dict[str, Any]:
    """What the signature form carries when all three sign on one tablet."""
    return {
        "lead.strokes": pictures.strokes(),
        "second.strokes": pictures.strokes(),
        "second.password": PASSWORD,
        "school.strokes": pictures.strokes(),
    } | more


def sign(
    client: CheckedClient, inspection: Inspection | uuid.UUID, values: dict[str, Any] | None = None
) -> TestResponse:
    """Sign in all three boxes at once, the second officer with a password; or what `values` say."""
    page = client.page(f"{address(inspection)}/signatures")
    return client.send(page, three_signatures() if values is None else values, button="提交签名", follow=False)


def give_ivo_a_password(cast: Cast) -> None:
    """Ivo can confirm on Ines's tablet."""
    cast.person("ivo").password_hash = hash_password(PASSWORD)
    db.session.commit()


def first(kind: EquipmentKind) -> str:
    """The id of a piece of that kind."""
    piece = db.session.query(Equipment).filter_by(kind=kind).order_by(Equipment.position, Equipment.label).first()
    assert piece is not None
    return str(piece.id)


def frozen(
    cast: Cast, as_person: SignInAs, *, pieces: int = 8, answers: dict[str, str] | None = None, **more: Any
) -> uuid.UUID:
    """An inspection of Pema's school by Ines, finished and not yet signed; without `answers` one extinguisher failed."""
    school = campus(cast, pieces=pieces)
    give_ivo_a_password(cast)
    client = as_person("ines")
    inspection_id = begin(client, school, cast)
    if answers is None:
        name = f"PIECE@{first(EquipmentKind.EXTINGUISHER)}"
        answers, more = {name: "fail"}, {f"{name}.fault": "EXT-17:red", f"{name}.photo": photo()} | more
    fill_all(client, inspection_id, answers, **more)
    done = finish(client, inspection_id)
    assert done.status_code == 302, done.text
    return inspection_id


def signed(cast: Cast, as_person: SignInAs, **more: Any) -> Inspection:
    """The same, signed by all three."""
    inspection_id = frozen(cast, as_person, **more)
    done = sign(as_person("ines"), inspection_id)
    assert done.status_code == 302, done.text
    db.session.expire_all()
    return db.session.get_one(Inspection, inspection_id)
