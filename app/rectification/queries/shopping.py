"""What a school must buy or order: from its open findings by their cards, and from pieces whose date has come."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.i18n import language_tag
from app.equipment.models import Equipment, EquipmentKind, EquipmentStatus
from app.equipment.queries import forecast
from app.equipment.rules.forecast import Act as Due
from app.rectification import shopping_words as words
from app.rectification.models.findings import Finding
from app.rectification.queries import findings
from app.rectification.rules import findings as finding_rules
from app.rectification.rules.shopping import PER, Line, Need, Per, Total, amount_of, lines_of, totals_of
from app.regulations.queries import current_checklist
from app.regulations.queries.cards import card_of
from app.regulations.rules.cards import Act, Buy, faults_in, keys_of
from app.schools.models import Building, School


@dataclass(frozen=True, kw_only=True)
class ShoppingList:
    """Lines by building, totals by article, and the findings the lines point to. Days and months as asked."""

    months: int
    lines: list[Line]
    findings: dict[uuid.UUID, Finding]

    @property
    def totals(self) -> list[Total]:
        """Each article once."""
        return totals_of(self.lines)

    @property
    def by_building(self) -> dict[str, list[Line]]:
        """Lines under the name of their building; the empty name is the school as a whole."""
        groups: dict[str, list[Line]] = {}
        for line in self.lines:
            groups.setdefault(line.building, []).append(line)
        return groups


def own_schools(viewer: Viewer) -> Sequence[School]:
    """The schools whose staff the viewer is, by name."""
    return db.session.scalars(
        sa.select(School).where(School.id.in_(viewer.school_ids)).order_by(School.sort_name)
    ).all()


def _pieces(asked: Iterable[Finding]) -> dict[uuid.UUID, Equipment]:
    ids = {finding.equipment_id for finding in asked if finding.equipment_id}
    if not ids:
        return {}
    return {piece.id: piece for piece in db.session.scalars(sa.select(Equipment).where(Equipment.id.in_(ids)))}


def _buildings(school_id: uuid.UUID) -> dict[uuid.UUID, str]:
    query = sa.select(Building.id, Building.name).where(Building.school_id == school_id)
    return {row.id: row.name for row in db.session.execute(query.order_by(Building.position, Building.name))}


def _need(buy: Buy, finding: Finding, piece: Equipment | None, building: str) -> Need:
    lang = language_tag()
    whole = piece if piece and buy.like_piece and piece.kind is EquipmentKind.EXTINGUISHER else None
    return Need(
        act=buy.act,
        article=words.extinguisher(whole.specification, buy.act) if whole else buy.text.in_language(lang),
        unit=buy.unit.in_language(lang),
        how=buy.how.in_language(lang),
        amount=amount_of(buy, has_piece=piece is not None, reading=finding.reading),
        per=PER.get(buy.count, Per.FAULT),
        building=building,
        piece=whole.id if whole else None,
        findings=(finding.id,),
    )


def _of_findings(asked: Sequence[Finding], building: Callable[[uuid.UUID], str]) -> list[Need]:
    items, pieces = current_checklist().by_code if asked else {}, _pieces(asked)
    needs = []
    for finding in asked:
        faults = faults_in(finding.text, items.get(finding.item_code))
        card = card_of(finding.item_code, finding.violation_code, finding.category, faults=faults)
        piece = pieces.get(finding.equipment_id) if finding.equipment_id else None
        place = finding.building_id or (piece.building_id if piece else None)
        keys = keys_of(finding.item_code, faults)
        wanted = [buy for buy in card.buy if buy.is_for(keys)] if card else []
        needs += [_need(buy, finding, piece, building(place) if place else "") for buy in wanted]
    return needs


def _of_dates(viewer: Viewer, school_id: uuid.UUID, months: int) -> list[Need]:
    """What the register's dates ask for; pieces that are away for service are being seen to."""
    needs = []
    for one in forecast.pieces_due(viewer, months=months, school_id=school_id):
        act = Act.BUY if one.act is Due.REPLACE else Act.SERVICE
        if act is Act.SERVICE and one.piece.status is EquipmentStatus.AWAY:
            continue
        article = words.extinguisher(one.piece.specification, act)
        needs.append(
            Need(act=act, article=article, unit=words.piece_unit(), building=one.piece.building, piece=one.piece.id)
        )
    return needs


def totals_for(asked: Sequence[Finding]) -> list[Total]:
    """What findings that were seen already ask for, over all buildings, without what the register's dates add."""
    return totals_of(lines_of(_of_findings(asked, str)))


def of_school(viewer: Viewer, school_id: uuid.UUID, *, months: int = 1) -> ShoppingList:
    """The list for all that is still to be put right, and for what falls due until the end of so many months.

    Findings for which the school has sent photos that nobody has answered yet are left out: their things are bought.
    """
    lines = findings.of_school(viewer, school_id)
    asked = [line.finding for line in lines if not finding_rules.has_unanswered_evidence(line.facts)]
    buildings = _buildings(school_id)
    needs = [*_of_findings(asked, lambda key: buildings.get(key, "")), *_of_dates(viewer, school_id, months)]
    return ShoppingList(
        months=months,
        lines=lines_of(needs, buildings=list(buildings.values())),
        findings={finding.id: finding for finding in asked},
    )
