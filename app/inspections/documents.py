"""What a 消防监督检查记录 prints: plain values, frozen with the paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, declare
from app.documents.parts import Option, Photo, Signatory


@dataclass(frozen=True, kw_only=True)
class SchoolHead:
    """The head of the form: the school and the building as they were on the day. Empty values print as a stroke."""

    name: str
    name_bo: str = ""
    address: str = ""
    responsible_person: str = ""
    responsible_phone: str = ""
    safety_manager: str = ""
    safety_phone: str = ""
    is_key_unit: bool = False
    building: str = ""
    floor_area_m2: float | None = None
    floors: str = ""
    height_m: float | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a section: what was looked at, the answers, and what was sampled of how much."""

    label: str
    options: tuple[Option, ...] = ()
    sampled: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A measured value beside its limit, by whom and when. `meets` is None where no limit applies."""

    item: str
    what: str
    where: str = ""
    value: str
    unit: str = ""
    limit: str = ""
    meets: bool | None = None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault. `clause` holds only what may print as law; `photos` are numbers in the annex."""

    number: int
    item: str
    where: str
    text: str
    severity: str = ""
    reading: str = ""
    clause: str = ""
    handling: str
    deadline: date | None = None
    by: str
    at: datetime
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Of one kind of equipment: how many there are, how many were looked at, which were not seen."""

    kind: str
    registered: int
    seen: int
    not_seen: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """One section of the form with its own faults, readings and counts."""

    title: str
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    readings: tuple[Reading, ...] = ()
    samples: tuple[Sample, ...] = ()
    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    bulk: int = 0


@dataclass(frozen=True, kw_only=True)
class SpotCorrection:
    """A fault put right while the officers watched; printed in the remarks. 消防监督检查规定 Art. 19."""

    fault: int
    text: str
    measure: str
    at: datetime
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, kw_only=True)
class InspectionRecord:
    """Everything a record prints. `withheld_citations` counts clauses kept back because their source is not settled."""

    school: SchoolHead
    forms: tuple[Option, ...]
    started_at: datetime
    finished_at: datetime
    checklist: str
    sections: tuple[Section, ...]
    orders: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    spot_corrections: tuple[SpotCorrection, ...] = ()
    remarks: tuple[str, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    photos: tuple[Photo, ...] = ()
    withheld_citations: int = 0
    from_paper: bool = False
    national_number: str = ""
    draft_code: str = ""

    @classmethod
    def sample(cls, language: str) -> InspectionRecord:
        """An invented visit with a fault in an extinguisher, a hydrant, an exit and a light."""
        from app.inspections import samples

        return samples.record(language)


def _sample_pictures() -> dict[str, bytes]:
    from app.inspections import samples

    return samples.pictures()


RECORD = declare(
    DocumentKind(
        code="inspection_record",
        title=_l("消防监督检查记录"),
        template="documents/inspection_record.html",
        context=InspectionRecord,
        numbering="〔{year}〕第{serial:04d}号",
        copies=_l("本记录一式一份，存档；被检查单位可以要求复制。"),
        pictures=_sample_pictures,
    )
)
