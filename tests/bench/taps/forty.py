"""The fixed list of forty items, and a school where each is one row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.core.db import new_id
from app.core.extensions import db
from app.regulations import pack_files
from app.regulations.models import PackVersion
from app.schools.models import Place, PlaceKind
from tests.cast import Cast
from tests.factories.grounds import building
from tests.factories.inspections import draft

ROOT = Path(__file__).resolve().parents[3]
PACK = ROOT / "app" / "regulations" / "packs" / "cn" / "cn-school" / "v1"
LIST = Path(__file__).with_name("forty.txt")
#: Three faults that are not critical, one in each of three areas.
FAULTY = ("EVA-19", "KIT-06", "DRL-06")


@dataclass(frozen=True)
class Question:
    """An item as an officer reads it."""

    code: str
    title: str
    critical: bool
    first_fault: str


def codes() -> list[str]:
    """The forty codes."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def _content() -> dict[str, Any]:
    content = dict(pack_files.read_pack(PACK))
    wanted = codes()
    by_code = {item["code"]: item for item in content["items"]}
    content["items"] = [item for item in content["items"] if item["code"] in set(wanted)]
    assert len(content["items"]) == len(wanted) == len(by_code.keys() & set(wanted))
    return content | {"pack": content["pack"] | {"code": "bench-forty", "version": 1}}


def questions() -> dict[str, Question]:
    """The forty by code."""
    return {
        item["code"]: Question(
            item["code"], item["zh"], item["severity_on_fail"] == "critical", item["faults"][0]["zh"] if item.get("faults") else ""
        )
        for item in _content()["items"]
    }  # fmt: skip


def school(cast: Cast) -> None:
    """Pema's school gets one building of one floor, a stair, a kitchen and its grounds; committed."""
    house = building(cast.school_id, name="教学楼", floors=1)
    db.session.add_all(
        [
            Place(school_id=cast.school_id, building_id=house.id, kind=PlaceKind.ROOM, use="kitchen", name="厨房"),
            Place(school_id=cast.school_id, building_id=house.id, kind=PlaceKind.STAIR, use="stair", name="东楼梯"),
            Place(school_id=cast.school_id, kind=PlaceKind.SITE, use="other", name="校园"),
        ]
    )
    content = _content()
    pack = PackVersion(
        id=new_id(), code="bench-forty", version=1, country="CN", name="四十项", valid_from=date(2026, 1, 1),
        sha256=pack_files.fingerprint(content), content=pack_files.canonical(content).decode(),
    )  # fmt: skip
    db.session.add(pack)
    db.session.commit()


def visit(cast: Cast) -> str:
    """An empty draft of the forty items at that school, with both officers and whom the school sends along; its id."""
    pack_id = db.session.query(PackVersion.id).filter_by(code="bench-forty").scalar()
    return str(draft(cast, pack_version_id=pack_id, tier="full", accompanying="索南", accompanying_post="安全干事").id)
