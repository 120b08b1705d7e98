"""What a case file still lacks, before the paper is signed and before the case is archived. DOMAIN §2.1, §2.8, §2.12, §6.2."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.rectification.rules.orders import ServiceMethod


class Stage(enum.StrEnum):
    """Where the case is: the paper is being prepared, the order is in force, all of it is done, or it is void."""

    PREPARING = "preparing"
    IN_FORCE = "in_force"
    DONE = "done"
    VOID = "void"

    @property
    def is_over(self) -> bool:
        """Nothing is to be done in the case any more."""
        return self in (Stage.DONE, Stage.VOID)


class GapKind(enum.StrEnum):
    """What may be missing or wrong."""

    NO_ITEMS = "no_items"
    NO_DEADLINE = "no_deadline"
    NO_PLACE = "no_place"
    NO_MEASURE = "no_measure"
    NO_RESPONSIBLE = "no_responsible"
    ONE_OFFICER = "one_officer"
    NO_VISIT_DAY = "no_visit_day"
    RECORD_UNSIGNED = "record_unsigned"
    RECORD_WITHOUT_NUMBER = "record_without_number"
    NAME_DIFFERS = "name_differs"
    RECIPIENT_UNKNOWN = "recipient_unknown"
    DAY_OFF = "day_off"
    NO_APPROVAL = "no_approval"
    NO_APPROVAL_SHEET = "no_approval_sheet"
    PAPER_NOT_STORED = "paper_not_stored"
    PAPER_BEING_MADE = "paper_being_made"
    NO_SEALED_SCAN = "no_sealed_scan"
    NOT_SERVED = "not_served"
    NO_RECEIPT = "no_receipt"
    PHOTO_WITHOUT_TIME = "photo_without_time"
    NO_PHOTO_AFTER = "no_photo_after"
    ITEM_OPEN = "item_open"
    CLOSED_WITHOUT_RECHECK = "closed_without_recheck"
    EVIDENCE_UNANSWERED = "evidence_unanswered"
    EXTENSION_UNDECIDED = "extension_undecided"
    FLAGGED = "flagged"


#: These are told but stop nothing: a thing of the past that nobody can mend, or something the officer judges.
WARNS = frozenset(
    {
        GapKind.NO_PLACE,
        GapKind.NO_MEASURE,
        GapKind.NO_RESPONSIBLE,
        GapKind.NAME_DIFFERS,
        GapKind.RECIPIENT_UNKNOWN,
        GapKind.DAY_OFF,
        GapKind.PHOTO_WITHOUT_TIME,
        GapKind.NO_PHOTO_AFTER,
        GapKind.EVIDENCE_UNANSWERED,
        GapKind.FLAGGED,
    }
)


class Where(enum.StrEnum):
    """The part of the case where a gap is mended."""

    ORDER = "order"
    ITEM = "item"
    SERVICE = "service"
    PAPER = "paper"
    RECORD = "record"
    SCHOOL = "school"
    RECHECK = "recheck"


class Step(enum.StrEnum):
    """An act with a day of its own."""

    VISIT = "visit"
    ISSUE = "issue"
    SERVICE = "service"
    RECHECK = "recheck"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something missing: what, where it is mended, and the item, day, name or number that it is about."""

    kind: GapKind
    where: Where
    blocks: bool
    item: int | None = None
    step: Step | None = None
    day: date | None = None
    said: str = ""
    other: str = ""
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """What is known of one item. `recheck_signed`: the re-check that struck it off is signed by two and says corrected."""

    position: int
    has_place: bool = True
    has_measure: bool = True
    deadline: date | None = None
    is_closed: bool = False
    closed_by_recheck: bool = False
    recheck_signed: bool = False
    closed_on_spot: bool = False
    has_photo_after: bool = True
    photos_without_time: int = 0
    unanswered: int = 0
    undecided: int = 0


@dataclass(frozen=True, kw_only=True)
class ServiceFacts:
    """The service that counted. `signed`: the recipient's signature is kept."""

    method: ServiceMethod
    to_name: str = ""
    signed: bool = False
    has_receipt: bool = False


@dataclass(frozen=True, kw_only=True)
class DayOff:
    """An act on a day that is no working day, and what the day is called."""

    step: Step
    day: date
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything about one case that its completeness depends on."""

    stage: Stage
    is_limited: bool
    is_imported: bool = False
    items: tuple[ItemFacts, ...] = ()
    officers: int = 2
    visited_on: date | None = None
    responsible: str = ""
    has_record: bool = True
    record_signed: bool = True
    record_number: str = ""
    name: str = ""
    name_on_record: str = ""
    name_on_paper: str = ""
    known_names: frozenset[str] = frozenset()
    needs_approval: bool = False
    approved: bool = False
    approval_sheet: bool = False
    paper_stored: bool = False
    paper_in_work: bool = False
    sealed: bool = False
    needs_scan: bool = False
    service: ServiceFacts | None = None
    days_off: tuple[DayOff, ...] = ()
    flags: tuple[str, ...] = ()


def _gap(kind: GapKind, where: Where, **more: object) -> Gap:
    return Gap(kind=kind, where=where, blocks=kind not in WARNS, **more)  # type: ignore[arg-type]


def gaps_of(facts: Facts) -> tuple[Gap, ...]:
    """All that is missing at this stage, what blocks first. A void case owes nothing."""
    if facts.stage is Stage.VOID:
        return ()
    if facts.is_imported:
        return tuple(_gap(GapKind.FLAGGED, Where.ORDER, said=flag) for flag in facts.flags)
    found = [*_of_record(facts), *_of_items(facts), *_of_names(facts)]
    if facts.stage is not Stage.PREPARING:
        found += [*_of_approval(facts), *_of_paper(facts), *_of_service(facts)]
    found += [_gap(GapKind.DAY_OFF, Where.ORDER, step=off.step, day=off.day, said=off.name) for off in facts.days_off]
    return tuple(sorted(found, key=lambda gap: not gap.blocks))


def may_archive(facts: Facts) -> bool:
    """Everything is done and nothing that blocks is missing."""
    return facts.stage.is_over and not any(gap.blocks for gap in gaps_of(facts))


def _of_record(facts: Facts) -> Iterator[Gap]:
    if facts.officers < 2:
        yield _gap(GapKind.ONE_OFFICER, Where.ORDER)
    if facts.visited_on is None:
        yield _gap(GapKind.NO_VISIT_DAY, Where.ORDER)
    if not facts.has_record:
        return
    if not facts.record_signed:
        yield _gap(GapKind.RECORD_UNSIGNED, Where.RECORD)
    elif not facts.record_number:
        yield _gap(GapKind.RECORD_WITHOUT_NUMBER, Where.RECORD)


def _of_items(facts: Facts) -> Iterator[Gap]:
    if not facts.items:
        yield _gap(GapKind.NO_ITEMS, Where.ORDER)
    for item in facts.items:
        for kind, is_missing in (
            (GapKind.NO_DEADLINE, facts.is_limited and item.deadline is None),
            (GapKind.NO_PLACE, not item.has_place),
            (GapKind.NO_MEASURE, not item.has_measure),
        ):
            if is_missing:
                yield _gap(kind, Where.ITEM, item=item.position)
        if item.photos_without_time:
            yield _gap(GapKind.PHOTO_WITHOUT_TIME, Where.ITEM, item=item.position, count=item.photos_without_time)
        if facts.stage is not Stage.PREPARING:
            yield from _of_end(item, is_done=facts.stage is Stage.DONE)


def _of_end(item: ItemFacts, *, is_done: bool) -> Iterator[Gap]:
    """How one item ended, or what it still waits for."""
    if not item.is_closed:
        yield _gap(GapKind.ITEM_OPEN, Where.ITEM, item=item.position)
    if item.closed_by_recheck and not item.recheck_signed:
        yield _gap(GapKind.CLOSED_WITHOUT_RECHECK, Where.ITEM, item=item.position)
    if item.closed_on_spot and not item.has_photo_after:
        yield _gap(GapKind.NO_PHOTO_AFTER, Where.ITEM, item=item.position)
    if item.unanswered and is_done:
        yield _gap(GapKind.EVIDENCE_UNANSWERED, Where.ITEM, item=item.position, count=item.unanswered)
    if item.undecided and not item.is_closed:
        yield _gap(GapKind.EXTENSION_UNDECIDED, Where.ITEM, item=item.position)


def _of_names(facts: Facts) -> Iterator[Gap]:
    if not facts.responsible:
        yield _gap(GapKind.NO_RESPONSIBLE, Where.SCHOOL)
    told = facts.name_on_paper or facts.name
    if facts.name_on_record and told and told != facts.name_on_record:
        yield _gap(GapKind.NAME_DIFFERS, Where.SCHOOL, said=told, other=facts.name_on_record)
    served = facts.service
    if served and served.to_name and facts.known_names and served.to_name not in facts.known_names:
        yield _gap(GapKind.RECIPIENT_UNKNOWN, Where.SERVICE, said=served.to_name)


def _of_approval(facts: Facts) -> Iterator[Gap]:
    if not facts.needs_approval:
        return
    if not facts.approved:
        yield _gap(GapKind.NO_APPROVAL, Where.ORDER)
    elif not facts.approval_sheet:
        yield _gap(GapKind.NO_APPROVAL_SHEET, Where.ORDER)


def _of_paper(facts: Facts) -> Iterator[Gap]:
    if facts.paper_in_work:
        yield _gap(GapKind.PAPER_BEING_MADE, Where.PAPER)
        return
    if not facts.paper_stored:
        yield _gap(GapKind.PAPER_NOT_STORED, Where.PAPER)
    if not facts.sealed:
        yield Gap(kind=GapKind.NO_SEALED_SCAN, where=Where.PAPER, blocks=facts.needs_scan)


def _of_service(facts: Facts) -> Iterator[Gap]:
    """Handed over with a signature on the archive copy needs no receipt; every other way does (送达回证). DOMAIN §2.2."""
    if facts.service is None:
        yield _gap(GapKind.NOT_SERVED, Where.SERVICE)
        return
    in_person = facts.service.method is ServiceMethod.HAND and facts.service.signed
    if not in_person and not facts.service.has_receipt:
        yield _gap(GapKind.NO_RECEIPT, Where.SERVICE)
