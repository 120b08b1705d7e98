"""A whole inspection from a tablet: begun, filled, with photos, finished and signed; and everything that may happen to it on the way."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import new_id
from app.core.extensions import db
from app.core.files import files
from app.documents.models import IssuedDocument
from app.fieldwork.models import Photo, Signature
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.planning import service as planning
from app.rectification.models.findings import Finding
from app.regulations.models import PackVersion
from app.schools.models import School
from app.sync.models import SyncOp
from app.sync.rules import OpState
from tests.cast import Cast
from tests.factories import pictures
from tests.factories.grounds import campus
from tests.factories.inspections import answered, draft, signed
from tests.inspections.filling import PASSWORD, give_ivo_a_password
from tests.sync.conftest import TabletOf, answers
from tests.sync.tablet import Tablet, digest_after, head_of, sha


def _create(cast: Cast, tablet: Tablet, target: uuid.UUID, **said: Any) -> dict[str, Any]:
    value = {"school": str(cast.school_id), "second": str(cast.people["ivo"]), "accompanying": "索南"} | said
    return tablet.act("create", target, value)


def _row(target: uuid.UUID) -> Inspection:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Inspection, target)


def _sheet_for(cast: Cast) -> sheets.Sheet:
    """The rows that a draft of today would have, as the bundle tells them."""
    row = draft(cast)
    found = sheets.of(row, cast.school, cast.brigade)
    db.session.delete(row)
    db.session.commit()
    return found


def _whole(cast: Cast, tablet: Tablet, photos: list[bytes], **create: Any) -> tuple[uuid.UUID, list[dict[str, Any]]]:
    """Everything a finished visit sends, in the order in which it was done."""
    target, rows = new_id(), _sheet_for(cast)
    ivo = str(cast.people["ivo"])
    ops = [_create(cast, tablet, target, **create), *answers(tablet, target, rows)]
    ops += [tablet.photo(target, content) for content in photos]
    head = head_of(target, lead=cast.people["ines"], second=cast.people["ivo"], school=cast.school_id)
    seen = digest_after(ops, head=head)
    ops.append(tablet.act("finalise", target, {"files": [sha(c) for c in photos], "digest": seen}, base_rev=0))
    ops += [
        tablet.signature(target, "lead", "", digest=seen),
        tablet.signature(target, "second", "", by=ivo, digest=seen),
        tablet.signature(target, "school", "索南", digest=seen),
    ]
    return target, ops


def test_a_whole_inspection_arrives_at_once(cast: Cast, tablet_of: TabletOf) -> None:
    campus(cast, pieces=4)
    give_ivo_a_password(cast)
    tablet, content = tablet_of(), pictures.with_exif()
    target, ops = _whole(cast, tablet, [content])
    tablet.upload(content)
    told = tablet.send(*ops, passwords={str(cast.people["ivo"]): PASSWORD})
    assert {t["status"] for t in told} == {"applied"}, [t for t in told if t["status"] != "applied"]
    row = _row(target)
    assert (row.state, row.lead_id, row.second_id) == (InspectionState.SIGNED, cast.people["ines"], cast.people["ivo"])
    photo = db.session.scalars(sa.select(Photo)).one()
    assert files().get(photo.original_sha256) == content
    assert photo.latitude == 29.65
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IssuedDocument)) == 1


def test_in_whatever_order_it_comes_it_arrives_once(cast: Cast, tablet_of: TabletOf) -> None:
    campus(cast, pieces=2)
    give_ivo_a_password(cast)
    tablet, content = tablet_of(), pictures.picture(seed=3)
    target, ops = _whole(cast, tablet, [content])
    for op in reversed(ops):
        tablet.send(op, passwords={str(cast.people["ivo"]): PASSWORD})
    assert _row(target).state is InspectionState.DRAFT
    answer = tablet.upload(content)
    assert len(answer.json["applied"]) == 5
    assert _row(target).state is InspectionState.SIGNED
    assert {t["status"] for t in tablet.send(*ops)} == {"duplicate"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Photo)) == 1


def test_finishing_waits_for_every_declared_file(cast: Cast, tablet_of: TabletOf) -> None:
    campus(cast, pieces=2)
    tablet, content = tablet_of(), pictures.picture(seed=4)
    target, ops = _whole(cast, tablet, [content])
    ops = [op for op in ops if op.get("field") != "signature"]
    told = tablet.send(*ops)
    assert (told[-2]["reason"], told[-1]["reason"], told[-1]["missing"]) == (
        "file_missing",
        "files_missing",
        [sha(content)],
    )
    tablet.upload(content)
    assert _row(target).state is InspectionState.SIGNING


def test_finishing_says_row_by_row_what_is_missing(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    told = tablet.send(tablet.op(row.id, value="fail"), tablet.act("finalise", row.id))[1]
    assert (told["status"], told["reason"]) == ("held", "incomplete")
    assert any(line["row"].startswith("MGT-02") for line in told["missing"])
    assert _row(row.id).state is InspectionState.DRAFT


def test_finishing_what_the_signers_have_not_seen_waits(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    answered(cast, row)
    one, other = tablet_of("ines"), tablet_of("ivo")
    one.send()
    seen = one.told["changes"][0]["rev"]
    other.send(other.op(row.id, "MGT-01", "na", base_rev=seen))
    told = one.send(one.act("finalise", row.id, base_rev=seen))[0]
    assert told["reason"] == "unseen_changes"
    now = one.told["changes"][0]["rev"]
    assert one.send(one.act("finalise", row.id, base_rev=now))[0]["status"] == "applied"


def test_values_that_met_keep_an_inspection_from_being_finished(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    answered(cast, row)
    tablet = tablet_of("ivo")
    assert tablet.send(tablet.op(row.id, "MGT-01", "fail"))[0]["status"] == "conflict"
    assert tablet.send(tablet.act("finalise", row.id))[0]["reason"] == "contested"


def test_the_second_officer_confirms_with_their_own_session(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    answered(cast, row)
    ines, ivo = tablet_of("ines", "shared"), tablet_of("ivo", "shared")
    second = ines.signature(row.id, "second", "次仁", by=str(cast.people["ivo"]))
    told = ines.send(
        ines.act("finalise", row.id),
        ines.signature(row.id, "lead", ""),
        second,
        ines.signature(row.id, "school", "索南"),
    )
    assert [t["status"] for t in told] == ["applied", "applied", "held", "applied"]
    assert told[2]["reason"] == "unproven"
    assert ivo.send(second)[0]["status"] == "applied"
    assert _row(row.id).state is InspectionState.SIGNED


def test_nobody_signs_for_the_other_officer(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    answered(cast, row)
    ines = tablet_of()
    told = ines.send(ines.act("finalise", row.id), ines.signature(row.id, "second", "次仁"))
    assert [t["status"] for t in told] == ["applied", "held"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 0


def test_a_signature_knows_when_it_was_drawn_and_when_it_came(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    answered(cast, row)
    tablet, earlier = tablet_of(), clock.now() - timedelta(hours=3)
    op = tablet.signature(row.id, "lead", "") | {"at": earlier.isoformat()}
    tablet.send(tablet.act("finalise", row.id) | {"at": earlier.isoformat()}, op)
    db.session.rollback()
    drawn = db.session.scalars(sa.select(Signature)).one()
    assert abs(drawn.signed_at - earlier) < timedelta(seconds=5)
    assert drawn.received_at - drawn.signed_at > timedelta(hours=2)


def test_a_draft_begun_on_a_tablet_keeps_its_time_its_checklist_and_its_device(cast: Cast, tablet_of: TabletOf) -> None:
    tablet, target = tablet_of(wrong=timedelta(days=1)), new_id()
    begun = tablet.now() - timedelta(hours=5)
    tablet.send(_create(cast, tablet, target) | {"at": begun.isoformat()})
    row = _row(target)
    assert abs(row.started_at - (clock.now() - timedelta(hours=5))) < timedelta(seconds=30)
    assert (row.device, round(row.clock_offset_s or 0, -2)) == (tablet.device, -86400)


def test_an_older_checklist_is_good_and_one_nobody_knows_is_held(cast: Cast, tablet_of: TabletOf) -> None:
    now = db.session.scalars(sa.select(PackVersion)).first()
    assert now is not None
    old = PackVersion(
        code="older",
        version=1,
        country="CN",
        name="旧",
        valid_from=now.valid_from,
        sha256=now.sha256,
        content=now.content,
    )
    db.session.add(old)
    db.session.commit()
    tablet, target = tablet_of(), new_id()
    told = tablet.send(_create(cast, tablet, target, checklist=str(old.id)))[0]
    assert (told["status"], told["note"]) == ("applied", "checklist_old")
    assert _row(target).pack_version_id == old.id
    told = tablet.send(_create(cast, tablet, new_id(), checklist=str(new_id())))[0]
    assert (told["status"], told["reason"]) == ("held", "unknown_checklist")
    row = _row(target)
    row.pack_version_id = now.id
    db.session.flush()
    db.session.delete(db.session.get_one(PackVersion, old.id))
    db.session.commit()


def test_a_school_merged_meanwhile_keeps_the_work(cast: Cast, tablet_of: TabletOf) -> None:
    from app.schools.service import merging

    merging.merge(cast.viewer("lea"), cast.school, into=db.session.get_one(School, cast.ottos_school_id), reason="撤并")
    db.session.commit()
    tablet, target = tablet_of(), new_id()
    told = tablet.send(_create(cast, tablet, target), tablet.op(target))
    assert [t["status"] for t in told] == ["applied", "applied"]
    assert told[0]["note"] == "school_merged"
    assert _row(target).school_id == cast.school_id


def test_an_unknown_school_or_one_of_another_brigade_is_held(cast: Cast, tablet_of: TabletOf) -> None:
    tablet = tablet_of()
    told = tablet.send(
        _create(cast, tablet, new_id(), school=str(new_id())),
        _create(cast, tablet, new_id(), school=str(cast.foreign_school_id)),
    )
    assert [t["reason"] for t in told] == ["unknown_school", "not_yours"]


def test_an_officer_moved_to_another_post_loses_no_work(cast: Cast, tablet_of: TabletOf) -> None:
    tablet, target = tablet_of("stan"), new_id()
    told = tablet.send(_create(cast, tablet, target, second=""), tablet.op(target))
    assert [t["reason"] for t in told] == ["not_yours", "unknown_target"]
    assert all(t["message"] for t in told)


def test_a_second_officer_who_has_gone_leaves_the_place_open(cast: Cast, tablet_of: TabletOf) -> None:
    cast.person("ivo").active = False
    db.session.commit()
    tablet, target = tablet_of(), new_id()
    told = tablet.send(_create(cast, tablet, target))[0]
    assert (told["status"], told["note"]) == ("applied", "second_gone")
    assert _row(target).second_id is None


def test_a_visit_is_begun_and_one_that_was_cancelled_does_no_harm(cast: Cast, tablet_of: TabletOf) -> None:
    ines = cast.viewer("ines")
    planned = planning.plan(ines, school=cast.school, planned_on=clock.today(), lead_id=ines.person_id)
    gone = planning.plan(ines, school=cast.school, planned_on=clock.today(), lead_id=ines.person_id)
    planning.cancel(ines, gone, reason="改期")
    db.session.commit()
    tablet, one, other = tablet_of(), new_id(), new_id()
    told = tablet.send(
        _create(cast, tablet, one, visit=str(planned.id)), _create(cast, tablet, other, visit=str(gone.id))
    )
    assert [t["status"] for t in told] == ["applied", "applied"]
    assert _row(one).visit_id == planned.id
    assert _row(other).visit_id not in (None, gone.id)


def test_a_recheck_goes_the_same_way(cast: Cast, tablet_of: TabletOf) -> None:
    from tests.factories.inspections import a_fault

    campus(cast, pieces=4)
    signed(cast, draft(cast, accompanying="索南"), a_fault(cast))
    finding = db.session.scalars(sa.select(Finding)).first()
    assert finding is not None
    tablet, target = tablet_of(), new_id()
    value = {"school": str(cast.school_id), "findings": [str(finding.id)], "second": str(cast.people["ivo"])}
    told = tablet.send(
        tablet.act("create", target, value, kind="recheck"),
        tablet.op(target, "RECHECK", "corrected", place=str(finding.id), kind="recheck"),
        tablet.act("finalise", target, kind="recheck"),
    )
    told += tablet.send(
        tablet.signature(target, "lead", "", kind="recheck"),
        tablet.signature(target, "school", "索南", kind="recheck"),
    )
    assert [t["status"] for t in told] == ["applied"] * 5, told
    ivo = tablet_of("ivo")
    ivo.send(ivo.signature(target, "second", "", kind="recheck"))
    row = _row(target)
    assert (row.kind, row.state) == (InspectionKind.RECHECK, InspectionState.SIGNED)
    assert db.session.get_one(Finding, finding.id).closed_on is not None


def test_what_came_too_late_goes_into_the_correction(cast: Cast, tablet_of: TabletOf) -> None:
    from app.inspections.service import keeping

    campus(cast, pieces=4)
    row = signed(cast, draft(cast, accompanying="索南"))
    tablet = tablet_of("ivo")
    late = tablet.op(row.id, value="na")
    assert tablet.send(late)[0]["reason"] == "frozen"
    assert tablet.send(tablet.act("correct", row.id))[0]["reason"] == "frozen"
    jobs.run_all()
    keeping.withdraw(cast.viewer("lea"), _row(row.id), reason="有误")
    db.session.commit()
    new = new_id()
    told = tablet.send(tablet.act("correct", row.id, {"id": str(new)}))[0]
    assert (told["status"], told["target"]) == ("applied", str(new))
    assert tablet.send(late)[0]["status"] == "conflict"
    assert _row(new).corrects_id == row.id


def test_an_act_sent_twice_is_done_once(cast: Cast, tablet_of: TabletOf) -> None:
    tablet, target = tablet_of(), new_id()
    first, again = _create(cast, tablet, target), _create(cast, tablet, target)
    assert [t["status"] for t in (*tablet.send(first), *tablet.send(first), *tablet.send(again))] == [
        "applied",
        "duplicate",
        "applied",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Inspection)) == 1


def test_a_draft_of_somebody_else_is_not_taken_over_by_its_id(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of("oskar")
    told = tablet.send(_create(cast, tablet, row.id, school=str(cast.foreign_school_id), second=""))[0]
    assert told["status"] == "held"
    assert _row(row.id).lead_id == cast.people["ines"]
    assert db.session.scalars(sa.select(SyncOp.state)).one() is OpState.HELD
