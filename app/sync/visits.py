"""A whole draft on one page, for the tablet: the same rows as online, those of sampled pieces too, and no token."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core import clock
from app.inspections import queries, records, sheet, wording
from app.inspections.models import InspectionKind
from app.inspections.presenting import Heading, Presenter
from app.inspections.rules.answers import Said, may_be_bulk, needs_own_word
from app.inspections.rules.areas import Area
from app.inspections.rules.rows import rows_of
from app.inspections.service import filling
from app.inspections.sheet import Sheet
from app.rectification.queries import findings as rectification
from app.rectification.queries import repeats
from app.sync.signing import page_data


@dataclass(frozen=True, kw_only=True)
class Section:
    """One area of the walk as the tablet shows it; `bulk` are the rows that 本区其余合格 may answer while they are open."""

    area: Area
    name: str
    headings: list[Heading]
    bulk: tuple[str, ...]


def with_every_question(current: Sheet) -> Sheet:
    """The sheet as if every piece had been chosen for readings and tests: the officer may choose any without network."""
    if current.inspection.kind is InspectionKind.RECHECK:
        return current
    rows = rows_of(
        current.checklist,
        current.ground,
        facts=sheet.facts_of_school(current.school, current.ground, current.checklist),
        tier=current.inspection.tier,
        day=current.day,
        sampled=[str(piece.id) for piece in current.ground.pieces],
    )
    return replace(current, rows=rows)


def _section(area: Area, current: Sheet, presenter: Presenter, *, bulk: bool) -> Section:
    rows = [
        row.name
        for row in area.rows
        if bulk and may_be_bulk(row, Said()) and not needs_own_word(row, current.checklist)
    ]
    return Section(
        area=area,
        name=wording.area_name(area, current.checklist),
        headings=presenter.headings(area),
        bulk=tuple(rows),
    )


def _without_label(current: Sheet) -> list[tuple[str, str]]:
    """Pieces that a blank label may be put on, as (id, words)."""
    return [
        (str(piece.id), f"{piece.name} · {piece.where}".strip(" ·"))
        for piece in current.ground.pieces
        if not piece.tag_code
    ]


def page(viewer: Viewer, asked: Sheet) -> str:
    """The page of a draft that the viewer may fill."""
    current = with_every_question(asked)
    last_rows, last_on = records.answers_of(queries.last_signed(current.school.id, before=current.inspection))
    names = accounts.names_of({op.by_id for op in current.ops}) if current.folded.contested else {}
    faults = repeats.known_faults(current.school.id, without=current.inspection.id)
    presenter = Presenter(current, last=last_rows, last_on=last_on, names=names, faults=faults)
    bulk = filling.bulk_is_allowed(current)
    return render_template(
        "sync/visit.html",
        sheet=current,
        asked={row.name for row in asked.rows},
        sections=[_section(area, current, presenter, bulk=bulk) for area in current.areas],
        open_findings=rectification.of_school(viewer, current.school.id),
        viewer=viewer,
        taken_at=clock.now(),
        signing=page_data(viewer, current),
        labels={piece.tag_code: str(piece.id) for piece in current.ground.pieces if piece.tag_code},
        bare=_without_label(current),
        words=wording,
    )
