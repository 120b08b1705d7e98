"""From a frozen record to what its papers print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.i18n import localised
from app.documents.kinds import Picture
from app.documents.parts import Option, Photo, Signatory
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import Signature
from app.fieldwork.rules import SignerRole
from app.inspections import records, wording
from app.inspections.documents import (
    Fault,
    InspectionRecord,
    Reading,
    Sample,
    SchoolHead,
    Section,
    SpotCorrection,
)
from app.inspections.documents import Row as PaperRow
from app.inspections.models import Inspection, InspectionKind
from app.inspections.records import Record
from app.inspections.rules.fields import PIECE, Answer, Outcome
from app.rectification.rules.findings import Handling, Severity, printable_clauses
from app.regulations import queries as regulations
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.limits import Bounds
from app.regulations.rules.record import Given, record_rows
from app.regulations.rules.verdicts import Verdict
from app.regulations.units import unit

#: What stands in a row beside its boxes, where these do not say it.
NOTES = {
    "not_asked": _l("本次未检查"),
    "pass": _l("合格，未填明属于哪一种"),
    "na": _l("不涉及"),
    "": "",
}


@dataclass
class Printer:
    """Turns one frozen record into the data of its paper, in the language in force."""

    inspection: Inspection
    record: Record
    checklist: Checklist
    signatures: Sequence[Signature]

    @cached_property
    def rows(self) -> dict[str, Mapping[str, Any]]:
        """Rows by form name."""
        return {row["name"]: row for row in self.record.rows}

    @cached_property
    def photo_numbers(self) -> dict[str, list[int]]:
        """Numbers in the annex by row."""
        found: dict[str, list[int]] = {}
        for photo in self.record.content["photos"]:
            found.setdefault(photo["row"], []).append(photo["number"])
        return found

    def context(self) -> InspectionRecord:
        """Everything the record prints."""
        content = self.record.content
        withheld = sum(len(f["basis"]) - len(printable_clauses(f["basis"])) for f in self.record.findings)
        return InspectionRecord(
            school=self._head(),
            forms=tuple(
                Option(text=str(label), ticked=form.value == content["form"]) for form, label in wording.FORMS.items()
            ),
            started_at=self.record.started_at,
            finished_at=self.record.finished_at,
            checklist=self._checklist(),
            sections=tuple(self._sections()),
            transfers=tuple(self._faults_by(Handling.TRANSFER)),
            spot_corrections=tuple(self._spot_corrections()),
            remarks=tuple(self._remarks()),
            signatories=tuple(self._signatories()),
            photos=tuple(self._photos()),
            withheld_citations=withheld,
            from_paper=bool(content["from_paper"]),
            national_number=self.inspection.national_number,
            draft_code=str(self.inspection.id)[:8],
        )

    def _head(self) -> SchoolHead:
        school = self.record.content["school"]
        houses = school["buildings"]
        areas = [house["area_m2"] for house in houses if house["area_m2"]]
        heights = [house["height_m"] for house in houses if house["height_m"]]
        return SchoolHead(
            name=localised(school["name"], school["name_en"]),
            name_bo=school["name_bo"],
            address=school["address"],
            responsible_person=school["responsible_person"],
            responsible_phone=school["responsible_phone"],
            safety_manager=school["safety_manager"],
            safety_phone=school["safety_manager_phone"],
            is_key_unit=school["is_key_unit"],
            building=str(_("、")).join(house["name"] for house in houses),
            floor_area_m2=round(sum(areas), 1) if areas else None,
            floors=str(_("；")).join(f"{house['name']} {house['floors_above']}" for house in houses),
            height_m=max(heights, default=None),
        )

    def _checklist(self) -> str:
        used = self.record.content["checklist"]
        title = localised(used["title"], used["title_en"])
        return str(
            _("%(title)s（%(pack)s 第 %(version)d 版）· %(tier)s", title=title, pack=used["pack"], version=used["version"],
              tier=wording.TIERS[self.record.content["tier"]])
        )  # fmt: skip

    # sections ----------------------------------------------------------------------------------------------

    def _section_of(self, row: Mapping[str, Any]) -> str:
        code = row["codes"][0] if row["codes"] else ""
        item = self.checklist.by_code.get(code)
        return item.record_section if item else "facilities"

    def _sections(self) -> Iterable[Section]:
        if self.record.content["kind"] == InspectionKind.RECHECK:
            return
        boxes = record_rows(self.checklist.content["record_rows"], self._given())
        numbers = {id(f): n for n, f in enumerate(self.record.findings, start=1)}
        samples = self.record.content["samples"]
        for key in self.checklist.order("record_sections"):
            rows = [row for row in self.record.rows if self._section_of(row) == key]
            faults = [f for f in self.record.findings if f["record_section"] == key]
            own = [s for s in samples if self._section_of_kind(s["kind"]) == key]
            answers = [row["answer"] for row in rows]
            yield Section(
                title=wording.words(self.checklist.label("record_sections", key)),
                rows=tuple(
                    PaperRow(
                        label=wording.words(row.text),
                        options=tuple(Option(text=wording.words(box.text), ticked=box.ticked) for box in row.boxes),
                        note=str(NOTES[row.unboxed if row.asked else "not_asked"]),
                    )
                    for row in boxes
                    if row.section == key
                ),
                faults=tuple(self._fault(f, numbers[id(f)]) for f in faults),
                readings=tuple(self._readings(rows)),
                samples=tuple(self._sample(s) for s in own),
                passed=answers.count(Answer.PASS),
                failed=answers.count(Answer.FAIL),
                not_applicable=answers.count(Answer.NA),
                bulk=sum(row["via"] == "bulk" and row["answer"] == Answer.PASS for row in rows),
            )

    def _given(self) -> list[Given]:
        """The answers as the boxes of the form see them; a piece answers for every item it is looked over for."""
        given: list[Given] = []
        failing: dict[tuple[str, str], tuple[str, ...]] = {
            (f["row"], f["item_code"]): tuple(f["faults"]) for f in self.record.findings
        }
        for row in self.record.rows:
            if row["answer"] not in (Answer.PASS, Answer.FAIL, Answer.NA):
                continue
            for code in row["codes"]:
                faults = failing.get((row["name"], code))
                if row["item"] == PIECE and row["answer"] == Answer.FAIL and faults is None:
                    continue
                given.append(Given(code, row["answer"], faults or (), row.get("choice")))
            general = failing.get((row["name"], PIECE))
            if general is not None and row["codes"]:
                given.append(Given(row["codes"][0], Answer.FAIL, general))
        return given

    def _fault(self, finding: Mapping[str, Any], position: int) -> Fault:
        row = self.rows[finding["row"]]
        measure = localised(finding["measure"], finding["measure_en"])
        text = localised(finding["text"], finding["text_en"])
        if measure:
            text = str(_("%(text)s。措施：%(measure)s", text=text.rstrip("。"), measure=measure))
        if finding["note"] and finding["note"] not in text:
            text += wording.aside(finding["note"])
        return Fault(
            number=position,
            item=finding["item_code"] if finding["item_code"] != PIECE else "",
            where=finding["place_label"] or str(_("学校")),
            text=text,
            severity=str(wording.SEVERITIES[Severity(finding["severity"])]),
            reading=self._reading_words(row),
            clause=str(_("；")).join(printable_clauses(finding["basis"])),
            handling=str(
                _("已当场改正") if finding["corrected_on_spot"] else wording.HANDLINGS[Handling(finding["handling"])]
            ),
            deadline=date.fromisoformat(finding["deadline"]) if finding["deadline"] else None,
            by=row["by"],
            at=self._at(row),
            photos=tuple(self.photo_numbers.get(finding["row"], ())),
        )

    def _at(self, row: Mapping[str, Any]) -> datetime:
        return datetime.fromisoformat(row["at"]) if row["at"] else self.record.finished_at

    def _limit(self, row: Mapping[str, Any], *, unit: bool) -> str:
        return wording.limits(Bounds(**row["limits"]), row.get("unit") if unit else None) if row.get("limits") else ""

    def _reading_words(self, row: Mapping[str, Any]) -> str:
        if not row.get("reading"):
            return ""
        said = f"{row['reading']} {unit(row.get('unit'))}".strip()
        limit = self._limit(row, unit=True)
        return str(
            _("读数 %(said)s（标准 %(limit)s）", said=said, limit=limit) if limit else _("读数 %(said)s", said=said)
        )

    def _where(self, row: Mapping[str, Any]) -> str:
        parts = (row["where"], row.get("at_place", ""), row.get("looked_at", ""))
        return " · ".join(part for part in parts if part) or str(_("学校"))

    def _readings(self, rows: Iterable[Mapping[str, Any]]) -> Iterable[Reading]:
        for row in rows:
            if not row.get("reading"):
                continue
            item = self.checklist.by_code.get(row["item"])
            judged = row.get("judged")
            limit = self._limit(row, unit=False)
            yield Reading(
                item=row["item"],
                what=wording.words(item.text) if item else "",
                where=self._where(row),
                value=row["reading"],
                unit=unit(row.get("unit")),
                limit=limit,
                meets=None if not limit or judged is None else judged != Verdict.FAIL,
                by=row["by"],
                at=self._at(row),
            )

    def _section_of_kind(self, kind: str) -> str:
        items = self.checklist.look_items(kind) or self.checklist.own_items(kind)
        return items[0].record_section if items else "facilities"

    def _sample(self, sample: Mapping[str, Any]) -> Sample:
        kind = wording.words(self.checklist.label("equipment", sample["kind"]))
        tested = (
            str(_("%(kind)s（其中测试 %(count)d）", kind=kind, count=sample["tested"])) if sample["tested"] else kind
        )
        return Sample(
            kind=tested,
            registered=sample["registered"],
            seen=sample["seen"],
            not_seen=tuple(piece["name"] for piece in sample["not_seen"]),
        )

    # the rest ----------------------------------------------------------------------------------------------

    def _faults_by(self, handling: Handling) -> Iterable[str]:
        for n, finding in enumerate(self.record.findings, start=1):
            if finding["handling"] == handling:
                yield f"{n}. {localised(finding['text'], finding['text_en'])}"

    def _spot_corrections(self) -> Iterable[SpotCorrection]:
        photos = self.record.content["photos"]
        for n, finding in enumerate(self.record.findings, start=1):
            if not finding["corrected_on_spot"]:
                continue
            own = [p for p in photos if p["row"] == finding["row"]]
            yield SpotCorrection(
                fault=n,
                text=localised(finding["text"], finding["text_en"]),
                measure=localised(finding["measure"], finding["measure_en"]),
                at=self._at(self.rows[finding["row"]]),
                before=next((p["number"] for p in own if p["slot"] != "after"), None),
                after=next((p["number"] for p in own if p["slot"] == "after"), None),
            )

    def _remarks(self) -> Iterable[str]:
        counts = self.record.content["counts"]
        if self.record.content["kind"] == InspectionKind.RECHECK:
            yield from self._rechecked()
        if self.record.content["corrects"]:
            yield str(_("本记录更正 %(code)s 号检查记录。", code=self.record.content["corrects"][:8]))
        if counts["bulk"]:
            yield str(_("%(count)d 项由检查人员在逐区查看后批量填报。", count=counts["bulk"]))
        if counts["not_checked"]:
            yield str(_("%(count)d 项本次未检查。", count=counts["not_checked"]))
        if counts["not_seen"]:
            yield str(_("%(count)d 件登记的器材本次未见，列于各项抽查数量中。", count=counts["not_seen"]))
        for row in self.record.rows:
            if row["codes"] and row["answer"] != Answer.FAIL and row.get("note"):
                yield f"{row['item'] if row['item'] != PIECE else ''} {self._where(row)}{_('：')}{row['note']}".strip()

    def _rechecked(self) -> Iterable[str]:
        for row in self.record.rows:
            outcome = wording.OUTCOMES[Outcome(row["answer"])]
            note = wording.aside(row["note"]) if row.get("note") else ""
            text = localised(row["finding"], row["finding_en"])
            yield f"{row['where']} · {text}{_('：')}{outcome}{note}"

    def _signatories(self) -> Iterable[Signatory]:
        credentials = {o["id"]: o["credential"] for o in self.record.content["officers"]}
        order = {role: n for n, role in enumerate(SignerRole)}
        for signature in sorted(self.signatures, key=lambda s: order[s.role]):
            role = str(wording.SIGNERS[signature.role])
            yield Signatory(
                role=role + wording.aside(signature.post) if signature.post else role,
                name=signature.name,
                credential=credentials.get(str(signature.person_id), ""),
                signature=Picture(sha256=signature.image_sha256, alt=signature.name)
                if signature.image_sha256
                else None,
                signed_at=signature.signed_at,
                refusal=signature.reason if signature.refused else "",
            )

    def _photos(self) -> Iterable[Photo]:
        for photo in self.record.content["photos"]:
            row = self.rows.get(photo["row"])
            where = self._where(row) if row else ""
            slot = {"wide": _("全景"), "after": _("改正后")}.get(photo["slot"], _("近照"))
            caption = f"{where} {slot}".strip()
            yield Photo(
                number=photo["number"],
                picture=Picture(sha256=photo["sha256"], alt=caption),
                caption=caption,
                taken_at=datetime.fromisoformat(photo["taken_at"] or photo["added_at"]),
            )


def printer_of(inspection: Inspection, *, signatures: Sequence[Signature] | None = None) -> Printer:
    """The printer of a frozen inspection."""
    return Printer(
        inspection=inspection,
        record=records.read(inspection),
        checklist=regulations.checklist(inspection.pack_version_id),
        signatures=fieldwork.signatures_of(inspection.id) if signatures is None else signatures,
    )
