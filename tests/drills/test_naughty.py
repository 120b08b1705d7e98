"""Every free text of a drill takes every string, keeps it, shows it harmless and prints it."""

from __future__ import annotations

import sqlalchemy as sa

from app.core import jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.drills.models import Drill
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.drills.test_pages import FILLED
from tests.factories import drills as make
from tests.factories import naughty

LONGEST = {"led_by": 80, "weather": 60, "observers": 200, "scenario": 2000, "problems": 4000, "notes": 4000}


def test_every_string_is_kept_in_some_field_and_shown_harmless(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    for number, filled in enumerate(naughty.fillings(LONGEST)):
        answer = pema.post(f"/drills/new?school={cast.school_id}", data=FILLED | filled)
        assert answer.status_code == 302, filled
        db.session.expire_all()
        drill = db.session.scalars(sa.select(Drill).order_by(Drill.logged_at.desc()).limit(1)).one()
        assert {name: getattr(drill, name) for name in filled} == filled
        if number % 5:
            continue
        page = naughty.opened(pema, answer.headers["Location"], filled.values())
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_the_paper_prints_whatever_was_written(cast: Cast, as_person: SignInAs) -> None:
    drill = make.drill(cast, problems="\n".join(naughty.KEPT)[:4000], notes="\n".join(reversed(naughty.KEPT))[:4000])
    address = f"/drills/{drill.id}/issue"
    db.session.commit()
    as_person("ines").post(address, data={"language": "zh_Hans_CN"})
    jobs.run_all()
    assert db.session.scalars(sa.select(IssuedDocument.state)).one() == DocumentState.ISSUED


def test_the_reason_of_a_withdrawal_is_kept_and_shown_harmless(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    reasons = list(naughty.joined(300))
    addresses = [f"/drills/{make.drill(cast).id}" for _ in reasons]
    db.session.commit()
    for number, (address, reason) in enumerate(zip(addresses, reasons, strict=True)):
        assert pema.post(f"{address}/withdraw", data={"reason": reason}).status_code == 302, reason
        if number % 5 == 0:
            page = naughty.opened(pema, address, [reason])
            assert page.status_code == 200
            assert "<script>alert" not in page.text
    db.session.expire_all()
    kept = db.session.scalars(sa.select(Drill.withdrawn_reason)).all()
    assert sorted(kept) == sorted(reasons)
    assert naughty.opened(pema, "/drills?withdrawn=y", reasons).status_code == 200
