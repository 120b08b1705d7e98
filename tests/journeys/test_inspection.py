"""From a school's page through an inspection with four faults to papers, a re-check and a finding struck off."""

from __future__ import annotations

import uuid

import pytest

from app.core import jobs
from app.core.extensions import db
from app.equipment.models import EquipmentKind
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.inspections import filling


@pytest.mark.one_database
def test_four_faults_are_found_signed_certified_rechecked_and_struck_off(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=8)
    filling.give_ivo_a_password(cast)
    pieces = {kind: filling.first(kind) for kind in EquipmentKind}
    extinguisher, hydrant = (f"PIECE@{pieces[k]}" for k in (EquipmentKind.EXTINGUISHER, EquipmentKind.INDOOR_HYDRANT))
    door, light = f"EVA-01@{pieces[EquipmentKind.EXIT_DOOR]}", f"PIECE@{pieces[EquipmentKind.EMERGENCY_LIGHT]}"
    client = as_person("ines")
    client.page(client.page(f"/schools/{cast.school_id}").link("开始检查"))
    inspection_id = filling.begin(client, cast.school_id, cast)
    filling.fill_all(
        client,
        inspection_id,
        dict.fromkeys((extinguisher, hydrant, door, light), "fail"),
        **{
            f"{extinguisher}.fault": "EXT-17:red",
            f"{extinguisher}.photo": filling.photo(seed=1),
            f"{hydrant}.fault": "HYI-01:hidden",
            f"{hydrant}.photo": filling.photo(seed=2),
            f"{door}.fault": "locked",
            f"{door}.spot": "1",
            f"{door}.photo": filling.photo(seed=3),
            f"{door}.photo.after": filling.photo(seed=4),
            f"{light}.fault": "LIT-01:missing",
            f"{light}.photo": filling.photo(seed=5),
        },
    )
    assert filling.finish(client, inspection_id).status_code == 302
    assert filling.sign(client, inspection_id).status_code == 302
    record = client.page(f"/inspections/{inspection_id}")
    assert "发现的问题（4）" in record.main
    assert "已当场改正" in record.main
    client.send(record, button="签发告知单")
    jobs.run_all()
    db.session.rollback()
    pdf = client.get(client.page(f"/inspections/{inspection_id}").link("消防监督检查记录") + ".pdf")
    assert pdf.data.startswith(b"%PDF-")
    again = client.page(f"/inspections/recheck?school={cast.school_id}")
    findings = [str(box.get("value")) for box in again.all('//input[@name="findings"]')]
    assert len(findings) == 3
    begun = client.send(
        again, {"findings": findings, "second_id": str(cast.people["ivo"])}, button="开始复查", follow=False
    )
    recheck = client.page(begun.headers["Location"])
    answers = dict.fromkeys(filling.rows_of(recheck), "corrected")
    assert filling.answer(client, recheck, answers).status_code == 302
    recheck_id = uuid.UUID(begun.headers["Location"].split("/inspections/")[1][:36])
    assert filling.finish(client, recheck_id).status_code == 302
    assert filling.sign(client, recheck_id).status_code == 302
    assert "没有未结束的问题" in client.page(f"/inspections/recheck?school={cast.school_id}").main
    assert str(inspection_id) in as_person("pema").page("/inspections").html
