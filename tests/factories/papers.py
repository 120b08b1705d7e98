"""Papers that came to no good end."""

from __future__ import annotations

from collections.abc import Callable

from app.core import jobs
from app.core.extensions import db
from app.documents import service
from app.documents.models import DocumentState, IssuedDocument
from tests.cast import Cast


def never_made(paper: IssuedDocument) -> IssuedDocument:
    """The worker could not lay it out, and nobody is making it any more; committed."""
    for job in db.session.query(jobs.Job).filter_by(id=paper.job_id):
        job.state = jobs.JobState.FAILED
    paper.state = DocumentState.FAILED
    db.session.commit()
    return paper


def voided(cast: Cast, paper: IssuedDocument) -> IssuedDocument:
    """Never made, and its number given up by Lea; committed."""
    service.void(never_made(paper), by=cast.viewer("lea"), reason="无法制作")
    db.session.commit()
    return paper


def printed_anew(cast: Cast, print_it: Callable[[], IssuedDocument]) -> IssuedDocument:
    """What an act prints after the number of its first paper was voided: a paper of its own, made, and that one only."""
    first = print_it()
    db.session.commit()
    voided(cast, first)
    second = print_it()
    db.session.commit()
    assert (second.id, second.number) != (first.id, first.number)
    jobs.run_all()
    db.session.refresh(second)
    assert second.state is DocumentState.ISSUED
    assert print_it().id == second.id
    db.session.refresh(first)
    assert first.state is DocumentState.FAILED
    return second


def pressed_anew(cast: Cast, press: Callable[[], object]) -> None:
    """The same for a button: pressed, its paper's number voided, pressed twice more; two papers are there then."""
    press()
    first = db.session.query(IssuedDocument).one()
    voided(cast, first)
    press()
    press()
    numbers = [paper.number for paper in db.session.query(IssuedDocument).order_by(IssuedDocument.serial)]
    assert numbers[0] == first.number
    assert len(numbers) == len(set(numbers)) == 2
