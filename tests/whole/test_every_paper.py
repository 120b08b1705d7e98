"""Every kind of paper that is declared can be had: named with the act that makes it, whose page is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app.documents.kinds import all_kinds

#: Kind → the endpoint by which somebody gets it.
MADE_BY = {
    "approval_sheet": "rectification.print_approval",
    "blank_checklist": "inspections.blank_form",
    "check_record": "portal.issue_own_paper",
    "complaint_reply": "planning.print_reply",
    "drill_notice": "drills.issue_plan",
    "drill_plan": "drills.issue_plan",
    "drill_record": "drills.issue",
    "extension_decision": "rectification.print_extension",
    "extension_request": "portal.order_letter",
    "inspection_record": "inspections.issue",
    "inspection_result": "certificates.issue",
    "major_hazard": "rectification.take_major_step",
    "major_hazard_report": "rectification.take_major_step",
    "monthly_summary": "reporting.issue_monthly",
    "order_immediate": "rectification.issue_order",
    "order_limited": "rectification.issue_order",
    "patrol_record": "portal.issue_own_paper",
    "post_handbook": "handbook.issue",
    "recheck_request": "portal.order_letter",
    "rectification_plan": "portal.order_issue_plan",
    "rectification_reply": "portal.order_letter",
    "scene_note": "rectification.take_sealing_step",
    "school_ledger": "casefiles.issue_ledger",
    "seal_strip": "rectification.print_strips",
    "sealing": "rectification.take_sealing_step",
    "service_receipt": "rectification.print_receipt",
    "shutdown_approval": "portal.issue_own_paper",
    "training_attendance": "trainings.issue_sheet",
    "training_certificate": "trainings.order_certificates",
    "training_record": "trainings.issue",
    "transfer_letter": "rectification.new_transfer",
    "unsealing": "rectification.take_sealing_step",
}
CODE = Path(__file__).parents[2] / "app"


def test_every_kind_is_named_with_the_act_that_makes_it(app: Flask) -> None:
    assert {kind.code for kind in all_kinds()} == set(MADE_BY)


@pytest.mark.parametrize("endpoint", sorted(set(MADE_BY.values())))
def test_the_act_is_a_page_that_somebody_can_press(app: Flask, endpoint: str) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]
    assert rules
    assert any("POST" in (rule.methods or ()) for rule in rules)


def _used(name: str, text: str) -> bool:
    without_imports = re.sub(r"^from \S+ import (\([^)]*\)|.*)$", "", text, flags=re.MULTILINE)
    return re.search(rf"(?<![\w.\"])((documents|papers)\.)?{name}\b", without_imports) is not None


def test_every_declared_kind_is_used_by_code_that_makes_papers() -> None:
    """A kind that only its declaration names is a paper that nobody can have."""
    texts = {path: path.read_text() for path in CODE.rglob("*.py")}
    declared = [
        (name, path)
        for path, text in texts.items()
        for name in re.findall(r"^([A-Z_]+) = declare(?:_notice)?\(", text, re.MULTILINE)
    ]
    assert len(declared) == len(all_kinds())
    lists = CODE / "rectification" / "documents.py"
    for name, home in declared:
        if "documents.preview(" in texts[home]:
            continue
        feature = CODE / home.relative_to(CODE).parts[0]
        users = [p for p in texts if p.is_relative_to(feature) and p not in (home, lists) and _used(name, texts[p])]
        assert users, f"nothing makes {name} of {home}"
