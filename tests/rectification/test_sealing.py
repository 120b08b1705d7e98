"""Temporary sealings: consent or decision first, thirty days at most, lifted only after two officers have looked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.documents.models import IssuedDocument
from app.rectification.models.sealing import Sealing, SealingApplication, SealingTerm
from app.rectification.models.trail import RecordEvent, RecordScan
from app.rectification.queries import clocks
from app.rectification.rules.sealing import (
    SEALING_STEPS,
    RunningClock,
    SealingFacts,
    SealingState,
    latest_end,
    running,
)
from app.rectification.service import sealing as service
from app.rectification.service.steps import NotYours
from app.regulations.rules.clocks import ClockKind
from tests.cast import Cast
from tests.factories import records as make
from tests.factories.pictures import picture as jpeg

VISIT, MOMENT = date(2026, 2, 13), datetime(2026, 2, 13, 8, 0, tzinfo=UTC)
S = SealingState


@pytest.mark.parametrize(
    ("facts", "clocks_running"),
    [
        ({"state": S.PROPOSED}, [(ClockKind.SEAL_DOCUMENT, VISIT)]),
        ({"state": S.APPROVED}, [(ClockKind.SEAL_DOCUMENT, VISIT)]),
        (
            {"state": S.PROPOSED, "urgent": True, "sealed_at": MOMENT},
            [(ClockKind.SEAL_DOCUMENT_URGENT, MOMENT)],
        ),
        ({"state": S.IN_FORCE, "until": date(2026, 3, 15)}, [(ClockKind.SEAL_TERM, date(2026, 2, 13))]),
        (
            {"state": S.APPLIED, "until": date(2026, 3, 15), "applied_on": date(2026, 3, 2)},
            [(ClockKind.SEAL_TERM, date(2026, 2, 13)), (ClockKind.UNSEAL_CHECK, date(2026, 3, 2))],
        ),
        (
            {"state": S.CHECKED, "until": date(2026, 3, 15), "checked_on": date(2026, 3, 4)},
            [(ClockKind.SEAL_TERM, date(2026, 2, 13)), (ClockKind.UNSEAL_DECISION, date(2026, 3, 4))],
        ),
        ({"state": S.LIFTED, "until": date(2026, 3, 15)}, []),
        ({"state": S.WITHDRAWN}, []),
    ],
)
def test_the_clocks_that_run(facts: dict[str, Any], clocks_running: list[Any]) -> None:
    found = running(SealingFacts(visited_on=VISIT, **facts))
    assert found == tuple(RunningClock(kind=kind, started=started) for kind, started in clocks_running)


def test_a_term_has_thirty_days_through_february() -> None:
    assert latest_end(date(2026, 2, 1)) == date(2026, 3, 3)
    assert latest_end(date(2024, 2, 1)) == date(2024, 3, 2)


def test_every_step_names_a_permission_that_exists_and_ends_lead_nowhere() -> None:
    assert {step.needs for step in SEALING_STEPS} <= {p.value for p in Permission}
    assert not [step for step in SEALING_STEPS if step.at in (S.LIFTED, S.WITHDRAWN)]


def test_from_the_decision_to_the_lifting_everything_is_written_down(cast: Cast) -> None:
    record = make.checked(cast)
    service.decide(cast.viewer("lea"), record, granted=True, text="隐患已消除")
    assert (record.state, record.lifted_on) == (S.LIFTED, clock.today())
    kinds = db.session.query(IssuedDocument.kind).filter_by(subject_id=record.id).order_by(IssuedDocument.kind)
    assert [kind for (kind,) in kinds] == ["sealing", "unsealing"]
    told = [e.act for e in db.session.query(RecordEvent).filter_by(record_id=record.id).order_by(RecordEvent.at)]
    assert told == ["propose", "approve", "issue", "apply", "check", "lift"]


def test_an_urgent_one_names_who_agreed_and_has_twenty_four_hours(cast: Cast) -> None:
    record = make.to_seal(cast, consent=make.consent(clock.now() - timedelta(hours=26)), visited_on=date(2026, 1, 5))
    assert (record.urgent, record.consent_by) == (True, "格桑")
    line = clocks.running(cast.viewer("lea"), own=True).lines[0]
    assert (line.placed.kind, line.is_late) == (ClockKind.SEAL_DOCUMENT_URGENT, True)
    assert line.due.moment == record.sealed_at + timedelta(hours=24)


@pytest.mark.parametrize("hours", [-1, 5])
def test_sealed_before_the_consent_or_in_the_future_is_refused(cast: Cast, hours: int) -> None:
    at = clock.now() - timedelta(hours=2)
    wrong = service.Consent(by="格桑", at=at, sealed_at=at + timedelta(hours=hours))
    with pytest.raises(DomainError):
        make.to_seal(cast, consent=wrong)


def test_one_officer_never_seals_alone(cast: Cast) -> None:
    with pytest.raises(DomainError):
        make.to_seal(cast, officers=(cast.people["ines"], cast.people["ines"]))


@pytest.mark.parametrize("days", [0, 31, -3])
def test_a_term_longer_than_thirty_days_or_backwards_is_refused(cast: Cast, days: int) -> None:
    record = make.agreed(cast)
    with pytest.raises(DomainError) as refused:
        service.issue(
            cast.viewer("ines"),
            record,
            sealed_from=clock.today(),
            sealed_until=clock.today() + timedelta(days=days),
        )
    assert refused.value.field == "sealed_until"


def test_the_decision_is_issued_once(cast: Cast) -> None:
    record = make.sealed(cast)
    service.issue(cast.viewer("ines"), record, sealed_from=clock.today(), sealed_until=clock.today())
    assert db.session.query(IssuedDocument).filter_by(kind="sealing").count() == 1


def test_a_renewal_adds_at_most_thirty_days_and_only_before_the_end(cast: Cast) -> None:
    record = make.sealed(cast)
    ends = clock.today() + timedelta(days=30)
    with pytest.raises(DomainError):
        service.renew(cast.viewer("lea"), record, until=ends + timedelta(days=31), reason="未消除")
    service.renew(cast.viewer("lea"), record, until=ends + timedelta(days=30), reason="未消除")
    term = db.session.query(SealingTerm).one()
    assert (term.from_on, record.sealed_until) == (ends + timedelta(days=1), ends + timedelta(days=30))
    record.sealed_from, record.sealed_until = clock.today() - timedelta(days=9), clock.today() - timedelta(days=1)
    with pytest.raises(DomainError):
        service.renew(cast.viewer("lea"), record, until=clock.today() + timedelta(days=5), reason="未消除")


def test_one_officer_never_checks_alone(cast: Cast) -> None:
    record = make.applied(cast)
    for second in (None, cast.people["ines"], cast.people["pema"], cast.people["oskar"]):
        with pytest.raises(DomainError) as refused:
            service.check(
                cast.viewer("ines"),
                record,
                checked_on=clock.today(),
                second_id=second,
                text="楼梯畅通",
                danger_gone=True,
            )
        assert refused.value.field == "second_id"
    assert record.state is S.APPLIED


def test_it_is_never_lifted_against_what_the_check_found_and_may_be_asked_for_again(cast: Cast) -> None:
    record = make.checked(cast, gone=False)
    with pytest.raises(DomainError):
        service.decide(cast.viewer("lea"), record, granted=True, text="同意")
    service.decide(cast.viewer("lea"), record, granted=False, text="隐患未消除")
    assert record.state is S.IN_FORCE
    service.apply_for_lifting(cast.viewer("ines"), record, applied_on=clock.today(), text="再次申请")
    assert db.session.query(SealingApplication).filter_by(sealing_id=record.id).count() == 2


def test_who_was_at_the_visit_never_decides(cast: Cast) -> None:
    record = make.to_seal(cast, officers=(cast.people["lea"], cast.people["ivo"]))
    with pytest.raises(NotYours):
        service.approve(
            cast.viewer("lea"), record, studied_on=clock.today(), participants="格桑、央金", conclusion="同意"
        )


def test_the_note_of_the_spot_needs_the_party_or_a_witness(cast: Cast) -> None:
    record = make.sealed(cast)
    at = clock.now() - timedelta(hours=1)
    scene = {"started": at, "ended": at + timedelta(minutes=30), "course": "张贴封条4张"}
    with pytest.raises(DomainError) as refused:
        service.note_scene(cast.viewer("ines"), record, service.Scene(**scene))
    assert refused.value.field == "witness"
    paper = service.note_scene(cast.viewer("ines"), record, service.Scene(witness="达瓦", **scene))
    assert (paper.kind, record.scene_document_id) == ("scene_note", paper.id)
    assert record.state is S.IN_FORCE


# pages -----------------------------------------------------------------------------------------------------------


def _send(browser: Any, record: Sealing, act: str, **data: str) -> Any:
    return browser.post(f"/sealings/{record.id}", data={"act": act, **{f"{act}-{k}": v for k, v in data.items()}})


def test_an_urgent_sealing_is_registered_by_hand(as_person: Any, cast: Cast) -> None:
    ines = as_person("ines")
    at = clock.local(clock.now() - timedelta(hours=3))
    data = {
        "school": str(cast.school_id), "visited_on": at.date().isoformat(), "second_id": str(cast.people["ivo"]),
        "place": "宿舍楼二层", "danger": "楼梯被封堵", "urgent": "y", "consent_by": "格桑",
        "consent_at": at.strftime("%Y-%m-%dT%H:%M"), "sealed_at": (at + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    assert ines.post("/sealings/new", data=data | {"consent_by": ""}).status_code == 422
    assert ines.post("/sealings/new", data=data | {"consent_at": ""}).status_code == 422
    assert ines.post("/sealings/new", data=data).status_code == 302
    record = db.session.query(Sealing).one()
    assert clock.local(record.consent_at).strftime("%H:%M") == at.strftime("%H:%M")
    assert "格桑" in ines.page(f"/sealings/{record.id}").main


def test_the_road_of_a_sealing_by_hand(as_person: Any, cast: Cast) -> None:
    record = make.to_seal(cast)
    db.session.commit()
    ines, lea, today = as_person("ines"), as_person("lea"), clock.today()
    until = (today + timedelta(days=30)).isoformat()
    steps = [
        (lea, "approve", {"studied_on": today.isoformat(), "participants": "格桑、央金", "conclusion": "同意查封"}),
        (ines, "issue", {"sealed_from": today.isoformat(), "sealed_until": until}),
        (ines, "apply", {"applied_on": today.isoformat(), "text": "已清理"}),
        (
            ines,
            "check",
            {
                "checked_on": today.isoformat(),
                "second_id": str(cast.people["ivo"]),
                "text": "畅通",
                "danger_gone": "yes",
            },
        ),
        (lea, "lift", {"text": "隐患已消除"}),
    ]
    for browser, act, data in steps:
        assert browser.get(f"/sealings/{record.id}").status_code == 200
        assert _send(browser, record, act, **data).status_code == 302, act
    page = ines.page(f"/sealings/{record.id}")
    assert "已解除" in page.main
    db.session.expire_all()
    assert record.number in ines.page("/sealings?state=all").main
    assert record.number not in ines.page("/sealings").main


def test_steps_of_others_are_refused(as_person: Any, cast: Cast) -> None:
    record = make.to_seal(cast)
    db.session.commit()
    told = {"studied_on": clock.today().isoformat(), "participants": "格桑", "conclusion": "同意"}
    assert _send(as_person("ines"), record, "approve", **told).status_code == 403
    assert _send(as_person("olga"), record, "approve", **told).status_code == 403
    assert _send(as_person("oskar"), record, "approve", **told).status_code == 404
    assert _send(as_person("pema"), record, "approve", **told).status_code == 403


def test_scans_are_kept_once_and_shown_to_the_own_brigade_only(as_person: Any, cast: Cast) -> None:
    from io import BytesIO

    record = make.sealed(cast)
    db.session.commit()
    olga, picture = as_person("olga"), jpeg()
    for _again in range(2):
        data = {"scan-scan": (BytesIO(picture), "strip.jpg"), "scan-label": "封条照片"}
        assert olga.post(f"/sealings/{record.id}/scans", data=data).status_code == 302
    scan = db.session.query(RecordScan).one()
    address = f"/records/scans/{scan.id}"
    assert as_person("ines").get(address).mimetype == "image/jpeg"
    assert as_person("pema").get(address).status_code == 404
    assert as_person("oskar").get(address).status_code == 404
    assert "封条照片" in olga.page(f"/sealings/{record.id}").main
    assert as_person("stan").post(f"/sealings/{record.id}/scans", data={}).status_code == 403


def test_a_scan_that_is_nothing_is_said(as_person: Any, cast: Cast) -> None:
    from io import BytesIO

    record = make.sealed(cast)
    db.session.commit()
    olga = as_person("olga")
    assert olga.post(f"/sealings/{record.id}/scans", data={}).status_code == 422
    wrong = {"scan-scan": (BytesIO(b"no picture"), "x.jpg")}
    assert olga.post(f"/sealings/{record.id}/scans", data=wrong).status_code == 422
    assert not files().has(digest(b"no picture"))
    cut = {"scan-scan": (BytesIO(b"%PDF-1.7 cut off"), "x.pdf")}
    assert "PDF 文件不完整" in olga.post(f"/sealings/{record.id}/scans", data=cut).text
    assert db.session.query(RecordScan).count() == 0


def test_the_school_sees_place_and_term_once_the_decision_is_issued(as_person: Any, cast: Cast) -> None:
    record = make.agreed(cast)
    db.session.commit()
    assert as_person("pema").get(f"/sealings/{record.id}").status_code == 404
    service.issue(
        cast.viewer("ines"),
        record,
        sealed_from=clock.today(),
        sealed_until=clock.today() + timedelta(days=7),
    )
    db.session.commit()
    page = as_person("pema").page(f"/sealings/{record.id}")
    assert "宿舍楼二层" in page.main
    assert "同意查封" not in page.main
    assert as_person("otto").get(f"/sealings/{record.id}").status_code == 404
