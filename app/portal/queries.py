"""What a school's own people see at home: their schools, what is to be put right, what was sent, what is done."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.documents import queries as documents
from app.documents.models import IssuedDocument
from app.rectification.queries import findings, shopping
from app.rectification.queries.findings import Line, Story
from app.rectification.rules import findings as rules
from app.rectification.rules.shopping import Total
from app.regulations.queries import cards
from app.regulations.rules.cards import Card
from app.schools.models import School

#: How many papers of the school the home page lists.
PAPERS_SHOWN = 10
#: How many closed findings the home page keeps in sight.
CLOSED_SHOWN = 20


def own_schools(viewer: Viewer) -> Sequence[School]:
    """The schools whose staff the viewer is, by name."""
    return db.session.scalars(sa.select(School).where(School.id.in_(viewer.school_ids)).order_by(School.name)).all()


def own_finding(viewer: Viewer, finding_id: uuid.UUID) -> Line | None:
    """A finding of one of the viewer's own schools."""
    line = findings.get(viewer, finding_id)
    return line if line and line.finding.school_id in viewer.school_ids else None


@dataclass(frozen=True, kw_only=True)
class Home:
    """A school's findings: to put right, sent and waiting for the re-check, done; `cards` say how, by finding."""

    to_do: Sequence[Line]
    sent: Sequence[Line]
    done: Sequence[Line]
    stories: dict[uuid.UUID, Story]
    cards: dict[uuid.UUID, Card]
    shopping: list[Total]

    @property
    def most_urgent(self) -> Line | None:
        """The open finding with the worst colour, the earliest of those."""
        return max([*self.to_do, *self.sent], key=lambda line: rules.RANK[line.standing.colour], default=None)


def home_of(viewer: Viewer, school: School) -> Home:
    """Everything about a school's findings, in a fixed number of queries."""
    lines = findings.of_school(viewer, school.id, closed=CLOSED_SHOWN)
    open_lines = [line for line in lines if line.finding.closed_on is None]
    to_do = [line for line in open_lines if not rules.has_unanswered_evidence(line.facts)]
    return Home(
        to_do=to_do,
        sent=[line for line in open_lines if rules.has_unanswered_evidence(line.facts)],
        done=[line for line in lines if line.finding.closed_on is not None],
        stories=findings.stories([line.finding for line in lines], with_names=False),
        cards=cards.of_findings([line.finding for line in open_lines]),
        shopping=shopping.totals_for([line.finding for line in to_do]),
    )


def papers(viewer: Viewer, school: School) -> Sequence[IssuedDocument]:
    """The last papers issued to a school."""
    query = documents.papers(viewer).where(IssuedDocument.school_id == school.id)
    return db.session.scalars(
        query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id).limit(PAPERS_SHOWN)
    ).all()
