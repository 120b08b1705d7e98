"""Writing an accepted list into the register: prepared outside, written in one transaction, whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.audit.service import record, record_many
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.spelling import sort_key
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.models import ImportRow, ImportRun, Outcome, Verdict
from app.schools.models import School, SchoolKind, SearchTerm
from app.schools.queries import imports
from app.schools.rules.matching import COMPARED, Known
from app.schools.rules.search import identity_of
from app.schools.service.past import remember
from app.schools.service.register import index_schools, term_rows

Progress = Callable[[int, int, str], None]
_CHUNK = 2000
_BLANK = {"name_bo": "", "name_en": "", "address": "", "phone": "", "note": "", "responsible_person": "", "responsible_phone": "",
          "safety_manager": "", "safety_manager_phone": "", "is_boarding": False, "is_key_unit": False, "pupils": None,
          "boarders": None, "staff": None}  # fmt: skip


@dataclass
class Prepared:
    """Everything that writing a list puts down, worked out beforehand."""

    run_id: uuid.UUID
    schools: list[dict[str, Any]] = field(default_factory=list)
    terms: list[dict[str, Any]] = field(default_factory=list)
    changes: list[tuple[uuid.UUID, int, dict[str, Any], dict[str, list[Any]], str]] = field(default_factory=list)
    links: list[tuple[uuid.UUID, int, dict[str, Any]]] = field(default_factory=list)
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[uuid.UUID, int] = field(default_factory=dict)


def prepare(run: ImportRun, progress: Progress) -> Prepared:
    """Work out rows, sort keys and search terms; then the database is free again."""
    rows = lists.all_rows(run)
    prepared, brigade_id, area = Prepared(run.id), run.brigade_id, imports.brigade(run.brigade_id).area_code
    db.session.expunge_all()
    db.session.rollback()
    for done, row in enumerate(rows):
        if done % 200 == 0:
            progress(done * 60 // max(len(rows), 1), 100, _("正在准备写入"))
        outcome = row.expected
        target_id = row.target_id
        if outcome == Outcome.ADDED:
            school = _school(row.content["values"], brigade_id, area)
            target_id = school["id"]
            prepared.schools.append(school)
            prepared.terms += term_rows([SimpleNamespace(**school)])
            prepared.numbers[school["id"]] = row.number
        elif outcome == Outcome.UPDATED and row.target_id is not None:
            _prepare_update(prepared, row, row.target_id)
        prepared.outcomes.append({"run_id": run.id, "number": row.number, "outcome": outcome, "target_id": target_id})
    prepared.terms.sort(key=itemgetter("term"))  # neighbours in the index are written together
    return prepared


def _prepare_update(prepared: Prepared, row: ImportRow, target_id: uuid.UUID) -> None:
    content = row.content
    if row.verdict == Verdict.CHANGED:
        values = {name: pair[1] for name, pair in content["changes"].items()}
        prepared.changes.append((target_id, row.number, values, content["changes"], content["seen"]))
    else:
        prepared.links.append((target_id, row.number, content["values"]))


def _school(values: dict[str, Any], brigade_id: uuid.UUID, area: str) -> dict[str, Any]:
    now = clock.now()
    content = {name: values[name] for name in COMPARED if name in values}
    row = {**_BLANK, "area_code": area, **content}
    return {
        **row,
        "kind": SchoolKind(row["kind"]),
        "id": new_id(),
        "brigade_id": brigade_id,
        "source": values.get("source") if values.get("external_code") else None,
        "external_code": values.get("external_code"),
        "identity": identity_of(name=row["name"], area_code=row["area_code"], address=row["address"]),
        "sort_name": sort_key(row["name"]),
        "made_at": now,
        "changed_at": now,
    }


def write(by: Any, run: ImportRun, prepared: Prepared) -> dict[str, int]:
    """Put the list into the register. Refuses when the register changed since the check; then nothing is written."""
    known = {school.id: school for school in imports.known_schools(run.brigade_id)}
    _refuse_stale(prepared, known, run)
    _insert(School, prepared.schools)
    _insert(SearchTerm, prepared.terms)
    _update(by, run, prepared)
    for start in range(0, len(prepared.outcomes), _CHUNK):
        db.session.execute(sa.update(ImportRow), prepared.outcomes[start : start + _CHUNK])
    counts: dict[str, int] = {}
    for row in prepared.outcomes:
        counts[row["outcome"].value] = counts.get(row["outcome"].value, 0) + 1
    importing.finish(run, outcomes=counts)
    about = [(key, {"file": run.file_name, "row": number}) for key, number in prepared.numbers.items()]
    record_many(by, "import_school", subject="school", details=about)
    record(by, "write_school_list", subject="import", subject_id=run.id, detail={"file": run.file_name, **counts})
    return counts


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _CHUNK):
        db.session.execute(sa.insert(model.__table__), rows[start : start + _CHUNK])


def _refuse_stale(prepared: Prepared, known: dict[uuid.UUID, Known], run: ImportRun) -> None:
    codes = {code for school in known.values() for code in school.codes} | imports.codes_elsewhere(
        run.brigade_id, run.source
    )
    identities = {identity for school in known.values() for identity in school.identities}
    for school in prepared.schools:
        code = school["external_code"]
        if (school["source"], code) in codes if code else school["identity"] in identities:
            raise _stale()
    if any(target not in known or known[target].changed_at != seen for target, _n, _v, _c, seen in prepared.changes):
        raise _stale()
    if any(target not in known for target, _number, _values in prepared.links):
        raise _stale()


def _stale() -> DomainError:
    return DomainError(_("核对之后登记册又有变化，没有写入任何一行。请重新核对。"), code="stale")


def _update(by: Any, run: ImportRun, prepared: Prepared) -> None:
    ids = [target for target, *_rest in prepared.changes] + [target for target, *_rest in prepared.links]
    schools = {school.id: school for school in db.session.scalars(sa.select(School).where(School.id.in_(ids)))}
    history = []
    for target, number, values, changes, _seen in prepared.changes:
        school = schools[target]
        for name, value in values.items():
            setattr(school, name, SchoolKind(value) if name == "kind" else value)
        school.identity = identity_of(name=school.name, area_code=school.area_code, address=school.address)
        school.sort_name, school.changed_at = sort_key(school.name), clock.now()
        remember(school, changes)
        history.append((target, {"file": run.file_name, "row": number, "changes": changes}))
    for target, number, values in prepared.links:
        _link(schools[target], values)
        history.append((target, {"file": run.file_name, "row": number}))
    db.session.flush()
    index_schools(list(schools.values()))
    record_many(by, "import_change", subject="school", details=history)


def _link(school: School, values: dict[str, Any]) -> None:
    """This row of the list is that school: its code, or its name and address, mean it from now on."""
    code, source = values.get("external_code"), values.get("source")
    if code and source and school.external_code is None:
        school.source, school.external_code = source, code
    elif code and source:
        school.extra = {**school.extra, "codes": {**school.extra.get("codes", {}), source: code}}
    else:
        identity = identity_of(name=values["name"], area_code=values["area_code"], address=values.get("address", ""))
        others = [one for one in school.extra.get("identities", []) if one != identity]
        school.extra = {**school.extra, "identities": [*others, identity]}
    school.changed_at = clock.now()
