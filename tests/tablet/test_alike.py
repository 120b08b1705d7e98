"""The tablet's page judges a row, and says what was signed, exactly as the server does."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest

from app.core import clock
from app.core.extensions import db
from app.fieldwork.rules import Folded, Op, OpStatus, Register, Via
from app.inspections import sheet as sheets
from app.inspections import signed
from app.inspections.rules.answers import said_on
from app.inspections.rules.demands import days_at_once, facts_of, wrong_with
from app.inspections.rules.faults import chips_of
from app.inspections.rules.rows import Row
from app.sync.visits import with_every_question
from tests.browser import OpenPage
from tests.cast import Cast
from tests.factories.grounds import campus
from tests.factories.inspections import draft

pytestmark = pytest.mark.browser

DAYS = ("", "2020-01-01", "2026-03-01", "2027-01-01", "2126-02-28")
NOTES = ("", "", "见现场", 'quote " back \\ line\n tab\t bell\u0007 del\x7f 😀 \u2028')
JUDGE = """async (cases) => {
  const { factsOf, wrongWith } = await import("/static/js/tablet/stands.js");
  return cases.map(([name, fields, photos]) => {
    const facts = factsOf(name, { value: (_row, field) => fields[field], photos });
    return [facts, wrongWith(facts).map(([code]) => code)];
  });
}"""
DIGEST = """async (cases) => {
  const { digestOf } = await import("/static/js/tablet/stands.js");
  const found = [];
  for (const [head, answers, photos] of cases)
    found.push(await digestOf({ head, photos, fields: new Map(answers.map((one) => [one.slice(0, 3).join(" "), one])) }));
  return found;
}"""


def _fields(chance: random.Random, row: Row, judge: dict[str, Any] | None, faults: list[str]) -> dict[str, Any]:
    """Some fields of a row as somebody might fill them, sound or not."""
    outcomes = row.item == "RECHECK"
    real = chance.sample(faults, min(len(faults), 2))
    found: dict[str, Any] = {
        "answer": chance.choice(("", "corrected", "partly", "not_corrected") if outcomes else ("", "pass", "fail", "fail", "na", "not_checked")),
        "note": chance.choice(NOTES), "fault": chance.choice(([], ["other"], [f"{row.item}:x"], ["x", "other"], real)),
        "deadline": chance.choice(DAYS), "spot": chance.random() < 0.5,
    }  # fmt: skip
    if judge and judge["field"] == "reading":
        limits = [n + step for n in (judge["below"], judge["above"]) if n is not None for step in (-0.01, 0, 0.01)]
        found["reading"] = str(chance.choice(["", "x1", "0", "9999", "-1", *limits]))[:20]
    if judge and judge["field"] == "choice":
        found["choice"] = chance.choice(["", "never", *judge["fails"]])
    if judge and judge["field"] == "date":
        found["date"] = chance.choice([*DAYS, judge["from"] or "2026-01-01", judge["to"][:10]])
    return {name: value for name, value in found.items() if chance.random() < 0.7}


def _folded(row: Row, fields: dict[str, Any]) -> Folded:
    def register(rev: int, name: str, value: Any) -> Register:
        op = Op(
            op_id=uuid.uuid4(), item=row.item, place=row.place, field=name, value=value, base_rev=0, rev=rev, status=OpStatus.APPLIED,
            at=clock.now(), by_id=uuid.uuid4(), via=Via.TAP,
        )  # fmt: skip
        return Register(value, rev, op)

    return Folded(
        {(row.item, row.place, name): register(n, name, value) for n, (name, value) in enumerate(fields.items())}
    )


def test_the_page_judges_and_digests_as_the_server_does(cast: Cast, browser_page: OpenPage) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a page reckons the same beside either database")
    campus(cast, pieces=8)
    inspection = draft(cast, tier="full")
    key, current = inspection.id, with_every_question(sheets.of(inspection, cast.school, cast.brigade))
    chance, today, soon = random.Random(20261123), clock.today(), days_at_once(current.checklist)
    db.session.rollback()
    page = browser_page("tablet", person="ines")
    db.session.rollback()
    page.goto(f"/sync/visits/{key}")
    judges = page.evaluate("async () => (await import('/static/js/tablet/stands.js')).page.judges")
    asked: list[Any] = []
    wanted: list[Any] = []
    kinds = {judge["field"] for judge in judges.values()}
    assert {"reading", "choice", "date"} <= kinds
    rows = [row for row in current.rows if row.name in judges] * 6 + chance.sample(current.rows, 60)
    rows += [row for row in current.rows if f"{row.item}:" in soon] * 3
    for row in rows:
        fields = _fields(chance, row, judges.get(row.name), [chip.value for chip in chips_of(row, current.checklist)])
        slots = chance.choice(([], [], ["close"], ["close", "after"], ["after"]))
        try:
            said = said_on(row, _folded(row, fields), current.checklist, has_photo=bool(slots), today=current.day)
        except ValueError:
            continue
        facts = facts_of(row, said, slots=slots, day=current.day, today=today, at_once=soon, within=366)
        asked.append((row.name, fields, [[row.item, row.place, slot, "0" * 64] for slot in slots]))
        wanted.append([facts, wrong_with(facts)])
    found = page.evaluate(JUDGE, asked)
    assert len(found) > 100
    for case, one, other in zip(asked, found, wanted, strict=True):
        assert one == other, case
    assert {code for _facts, codes in wanted for code in codes} >= {
        "open",
        "number",
        "future",
        "other",
        "against",
        "spot",
        "late",
        "at_once",
        "far",
    }

    contents = []
    for _n in range(20):
        answers = [
            [
                f"A-{chance.randint(1, 30)}",
                chance.choice(("", str(uuid.UUID(int=chance.getrandbits(128))))),
                "note",
                chance.choice(NOTES),
            ]
            for _m in range(9)
        ]
        answers = list({tuple(one[:3]): one for one in answers}.values())
        shots = [
            [one[0], one[1], chance.choice(("close", "after")), f"{chance.getrandbits(256):064x}"]
            for one in answers[:4]
        ]
        contents.append([{"b": "二", "a": "一", "accompanying": "索 南"}, answers, [*shots, *shots[:1]]])
    expected = [
        signed.digest_of(
            head, sorted(one for one in answers if one[3]), [list(one) for one in sorted({tuple(s) for s in shots})]
        )
        for head, answers, shots in contents
    ]
    assert page.evaluate(DIGEST, contents) == expected
