"""What the worker does for trainings: a hall's certificates; checking and writing lists of former years."""

from __future__ import annotations

from typing import Any

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.core.extensions import db
from app.core.jobs import Job, Progress, handles
from app.trainings.service import certificates, old_logs

old_logs.LOG.handle()


@handles(certificates.CERTIFICATES)
def make_certificates(job: Job, progress: Progress) -> dict[str, Any]:
    """Number, make and join the certificates of a session, in the name of who asked for them."""
    viewer = accounts.viewer_for(db.session.get_one(Person, job.made_by))
    return certificates.make(viewer, job, progress)
