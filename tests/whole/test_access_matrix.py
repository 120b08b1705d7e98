"""Every route × every role × own, other and foreign school: allowed, refused, or not there. Nobody writes by being refused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2.nodes
import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from werkzeug.routing import Rule

import app as product
from app.accounts.policy import PERMISSIONS, Permission
from app.core.extensions import db
from app.rectification.rules.machine import FINDING_STEPS, ORDER_STEPS
from app.rectification.rules.major import MAJOR_STEPS
from app.rectification.rules.sealing import SEALING_STEPS
from tests.cast import Cast
from tests.whole import specimens
from tests.whole.specimens import ASKS_FOR_SCHOOL, OF_A_SCHOOL, Specimens

PEOPLE = ("ines", "stan", "lea", "olga", "ada", "pema", "sonam", "otto", "beate", "dora", "oskar", "otilia")
APP = Path(product.__file__).parent
#: On the second database one is enough who may ask for most, and one of elsewhere whom it must not find for.
ON_BOTH = ("lea", "oskar")
#: Principals as Pema is: their pages are made as hers are, so hers are checked. One page of refusal is like the other, too.
AS_PEMA = ("otto", "otilia")
#: The page of a refusal is made for one; the others are told in two words, as a program is.
SEES_REFUSALS = "ines"
#: Whose things each person sees: those of Pema's school, of Otto's, of Otilia's in another district.
SEES = {
    **{name: {"own", "ottos"} for name in ("ines", "stan", "lea", "olga", "ada", "beate", "dora")},
    "pema": {"own"}, "sonam": {"own"}, "otto": {"ottos"}, "oskar": {"foreign"}, "otilia": {"foreign"},
}  # fmt: skip
#: Pages where seeing the school is not enough, with the reason.
NARROWER = {
    "inspections.fill": "only the two officers of a draft fill it",
    "documents.preview": "a preview is its maker's", "documents.preview_pdf": "a preview is its maker's",
    "documents.joined": "a joined file is its maker's", "documents.joined_pdf": "a joined file is its maker's",
    "documents.archive_pdf": "the archive's copy is the brigade's own, and few papers have one",
    "equipment.label_job": "a print job is its maker's", "equipment.label_file": "a print job is its maker's",
    "selfchecks.print_job": "a print job is its maker's", "selfchecks.print_file": "a print job is its maker's",
    "accounts.end_sign_in": "one's own devices only",
    "rectification.record_scan": "scans are the brigade's own",
    "planning.wall_job": "a print job is its maker's", "planning.wall_pdf": "a print job is its maker's",
    "rectification.old_order": "only orders from older lists are dealt with there",
    "trainings.certificates_job": "a batch is its maker's", "trainings.certificates_pdf": "a batch is its maker's",
    "trainings.sign_in_picture": "there is a code only while people can sign in",
    "casefiles.show": "what a case lacks is the brigade's own affair",
    "planning.show": "visits to come are the brigade's own",
    "portal.order_paper": "only the papers of that order", "portal.order_pdf": "only the papers of that order",
    "portal.order_sealed": "only the school's own letters", "documents.scan": "a scan belongs to one paper",
    **dict.fromkeys(
        (
            "schools.import_run", "schools.import_columns", "schools.import_report",
            "equipment.import_run", "equipment.import_columns", "equipment.import_report",
            "rectification.old_run", "rectification.old_columns", "rectification.old_report",
            "drills.old_run", "drills.old_columns", "drills.old_report",
            "trainings.old_run", "trainings.old_columns", "trainings.old_report",
        ),
        "the pages of an import follow its kind and how far it is",
    ),
}  # fmt: skip
#: These read a JSON body before anything else, and say 400 to an empty one whoever sends it.
READS_A_BODY_FIRST = frozenset({"inspections.operations"})


@pytest.fixture
def things(cast: Cast) -> dict[str, Specimens]:
    """One of each thing at three schools."""
    return {
        "own": specimens.of_school(cast, cast.school_id, officer="ines", staff="pema"),
        "ottos": specimens.of_school(cast, cast.ottos_school_id, officer="ines", staff="otto"),
        "foreign": specimens.of_school(cast, cast.foreign_school_id, officer="oskar", staff="otilia"),
    }


def _needed(app: Flask, rule: Rule) -> frozenset[Permission] | str | None:
    return getattr(app.view_functions[rule.endpoint], "permission", None)


def _rules(app: Flask) -> Iterator[Rule]:
    yield from (rule for rule in app.url_map.iter_rules() if rule.endpoint != "static")


def _address(app: Flask, rule: Rule, of: Specimens) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **of.fill(rule))


def _methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_view_says_who_may_call_it(app: Flask) -> None:
    assert [rule.endpoint for rule in _rules(app) if _needed(app, rule) is None] == []


def _named(argument: ast.expr) -> Iterator[str]:
    """The permissions that an argument names: Permission.INSPECT, or a bare word."""
    for node in ast.walk(argument):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Permission":
            yield Permission[node.attr]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _asked_in_acts() -> set[str]:
    """What acts ask before they do anything, whatever view called them: `viewer.may(…)` and `steps.require(…, …, …)`."""
    asked: set[str] = set()
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "may" and len(node.args) == 1:
                asked.update(_named(node.args[0]))
            elif ast.unparse(node.func) == "steps.require":
                asked.update(_named(node.args[2]))
    return asked


def _asked_in_pages(app: Flask) -> set[str]:
    """What pages ask before they show a button: `can(…)`."""
    asked: set[str] = set()
    for name in app.jinja_env.list_templates(extensions=["html"]):
        source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]
        for call in app.jinja_env.parse(source).find_all(jinja2.nodes.Call):
            if isinstance(call.node, jinja2.nodes.Name) and call.node.name == "can":
                asked.update(one.value for one in call.args if isinstance(one, jinja2.nodes.Const))
    return asked


def test_every_permission_is_given_to_somebody_and_asked_for_somewhere(app: Flask) -> None:
    given = frozenset().union(*PERMISSIONS.values())
    assert set(Permission) - given == set()
    at_doors = {one for rule in _rules(app) for one in _needed(app, rule) or () if isinstance(one, Permission)}
    steps = {row.needs for row in (*ORDER_STEPS, *FINDING_STEPS, *MAJOR_STEPS, *SEALING_STEPS) if row.needs}
    assert set(Permission) - at_doors - steps - _asked_in_acts() == set()


def test_whatever_acts_and_pages_ask_for_is_a_permission(app: Flask) -> None:
    """A slip in a bare word would be a button nobody sees, or an act nobody may do."""
    acts, pages = _asked_in_acts(), _asked_in_pages(app)
    assert len(acts) > 20
    assert len(pages) > 40
    assert (acts | pages) - {one.value for one in Permission} == set()


def test_every_argument_of_an_address_has_a_specimen(app: Flask, things: dict[str, Specimens]) -> None:
    for rule in _rules(app):
        _address(app, rule, things["own"])


def test_nobody_gets_in_without_signing_in(app: Flask, client: Any, things: dict[str, Specimens]) -> None:
    wrong = []
    for rule in _rules(app):
        if _needed(app, rule) == "public":
            continue
        for method in _methods(rule):
            answer = client.open(_address(app, rule, things["own"]), method=method)
            sent_away = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
            if not sent_away and answer.status_code != 401:
                wrong.append(f"{method} {rule.endpoint}: {answer.status_code}")
    assert wrong == []


def _expected(needed: Any, held: frozenset[Permission], bound: bool, sees: bool) -> int | None:
    """403 without a permission, 404 for what is not one's to see, None where the door is open."""
    if needed != "public" and not needed & held:
        return 403
    return 404 if bound and not sees and needed != "public" else None


@pytest.mark.parametrize(
    ("application", "name"),
    [*(("sqlite", name) for name in PEOPLE), *(("postgresql", name) for name in ON_BOTH)],
    indirect=["application"],
)
def test_the_matrix(app: Flask, as_person: Any, cast: Cast, things: dict[str, Specimens], name: str) -> None:
    browser, held = as_person(name), cast.viewer(name).permissions
    written: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and "attempts" not in statement:
            written.append(statement[:120])

    wrong = []
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        for rule in _rules(app):
            needed = _needed(app, rule)
            if needed == "public":
                continue
            bound = bool(set(rule.arguments) & OF_A_SCHOOL) or rule.endpoint in ASKS_FOR_SCHOOL | {"equipment.find"}
            for whose, of in things.items():
                if not bound and whose != "own":
                    continue
                if whose != "own" and not needed & held:
                    continue  # without the permission no thing is looked for, whosever it is
                if whose == "ottos" and {"own", "ottos"} <= SEES[name]:
                    continue  # both are schools of one's own brigade
                expected = _expected(needed, held, bound, whose in SEES[name])
                for method in _methods(rule):
                    if expected is None and method != "GET":
                        continue  # what is allowed has its own tests
                    written.clear()
                    browser.checks = expected is None and whose == "own" and name not in AS_PEMA
                    said = None if expected is None or name == SEES_REFUSALS else {"Accept": "application/json"}
                    answer = browser.open(_address(app, rule, of), method=method, headers=said)
                    good = _is_good(rule.endpoint, answer.status_code, expected)
                    if not good or (expected is not None and written):
                        wrong.append(
                            f"{name} {method} {rule.endpoint} ({whose}): {answer.status_code}, expected {expected} {written}"
                        )
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert wrong == [], "\n".join(wrong)


def test_a_thing_of_another_school_is_not_reached_through_ones_own(
    app: Flask, as_person: Any, things: dict[str, Specimens]
) -> None:
    """An address that names two things holds only where the second belongs to the first."""
    people = {name: as_person(name) for name in ("ines", "lea", "olga", "ada", "pema")}
    before = _everything()
    wrong = []
    for rule in _rules(app):
        named = [name for name in rule.rule.replace(">", ":").split(":") if name in set(rule.arguments) & OF_A_SCHOOL]
        if len(named) < 2 or _needed(app, rule) == "public":
            continue
        values = things["own"].fill(rule) | {name: things["foreign"].fill(rule)[name] for name in named[1:]}
        with app.test_request_context():
            address = url_for(rule.endpoint, **values)
        for method in _methods(rule):
            for name, browser in people.items():
                browser.checks = False
                status = browser.open(address, method=method).status_code
                if status not in (403, 404, 422):  # 422: what was sent is wrong before anything is looked for
                    wrong.append(f"{name} {method} {rule.endpoint}: {status}")
    assert wrong == []
    assert _everything() == before


def _everything() -> dict[str, int]:
    """How many rows each table has; tries that are counted against guessing are nobody's thing."""
    return {
        t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0
        for t in db.metadata.sorted_tables
        if t.name != "attempts"
    }


def _is_good(endpoint: str, status: int, expected: int | None) -> bool:
    if expected is not None:
        if endpoint in READS_A_BODY_FIRST and status == 400:
            return True
        return status == expected or (endpoint in NARROWER and status in (403, 404, 409))
    return status in (200, 302) or (endpoint in NARROWER and status in (403, 404))
