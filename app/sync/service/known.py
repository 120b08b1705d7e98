"""What the operations of one request ask for again and again, read once: drafts (locked), schools, officers, checklist versions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.inspections.models import Inspection
from app.planning.service import OFFICERS
from app.regulations.models import PackVersion
from app.schools.models import School


@dataclass
class Known:
    """Lives as long as one transaction, for its locks do."""

    _drafts: dict[uuid.UUID, Inspection | None] = field(default_factory=dict)
    _schools: dict[uuid.UUID, School | None] = field(default_factory=dict)
    _officers: dict[uuid.UUID, dict[uuid.UUID, Person]] = field(default_factory=dict)
    _versions: set[uuid.UUID] = field(default_factory=set)

    def read(self, *, drafts: Iterable[uuid.UUID], schools: Iterable[uuid.UUID]) -> None:
        """Read and lock what a request names, in two queries whatever it carries."""
        wanted, places = set(drafts) - set(self._drafts), set(schools) - set(self._schools)
        if wanted:
            self._drafts |= dict.fromkeys(wanted)
            self._drafts |= {row.id: row for row in db.session.scalars(_locked(wanted))}
        if places:
            self._schools |= dict.fromkeys(places)
            self._schools |= {row.id: row for row in db.session.scalars(sa.select(School).where(School.id.in_(places)))}

    def draft(self, inspection_id: uuid.UUID) -> Inspection | None:
        """An inspection, its row locked until the transaction ends, as it is now."""
        self.read(drafts=[inspection_id], schools=())
        return self._drafts[inspection_id]

    def school(self, school_id: uuid.UUID) -> School | None:
        """A school."""
        self.read(drafts=(), schools=[school_id])
        return self._schools[school_id]

    def officers(self, author: Viewer) -> dict[uuid.UUID, Person]:
        """Who may lead or accompany an inspection of the author's brigade today."""
        if author.person_id not in self._officers:
            found = accounts.colleagues(author, roles=OFFICERS)
            self._officers[author.person_id] = {person.id: person for person in found}
        return self._officers[author.person_id]

    def is_published(self, version_id: uuid.UUID) -> bool:
        """Whether a version of a checklist was published once."""
        if version_id not in self._versions:
            found = db.session.scalar(sa.select(PackVersion.id).where(PackVersion.id == version_id))
            self._versions |= {found} if found else set()
        return version_id in self._versions

    def began(self, inspection: Inspection) -> None:
        """A draft that was made in this transaction: nobody else knows of it yet."""
        self._drafts[inspection.id] = inspection

    def forget(self) -> None:
        """Something was taken back: what was read may be otherwise."""
        self._drafts.clear()


def _locked(ids: Iterable[uuid.UUID]) -> sa.Select[Inspection]:
    query = sa.select(Inspection).where(Inspection.id.in_(list(ids))).order_by(Inspection.id)
    return query.with_for_update().execution_options(populate_existing=True)
