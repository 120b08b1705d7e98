"""Only clauses whose text was seen print as law."""

from __future__ import annotations

from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import Evidence


def test_nothing_but_found_clauses_print(checklist: Checklist) -> None:
    for item in checklist.items:
        citations = checklist.citations(item.code)
        assert all(c.evidence is Evidence.FOUND for c in citations.printed)
        assert all(c.evidence is not Evidence.FOUND for c in citations.flagged)
        assert set(item.basis) <= {*citations.printed, *citations.flagged}


def test_an_item_without_a_seen_clause_still_has_the_law_of_its_breach(checklist: Checklist) -> None:
    citations = checklist.citations("FDR-02")
    assert [c.ref for c in citations.printed] == ["消防法第六十条第一款第一项"]
    assert [c.ref for c in citations.flagged] == ["GB 50877-2014"]


def test_a_fault_with_its_own_breach_cites_that_law(checklist: Checklist) -> None:
    assert checklist.citations("HYI-01").printed[0].ref == "消防法第六十条第一款第四项"
    assert checklist.citations("HYI-01", fault="no_sign").printed[0].ref == "消防法第六十条第一款第一项"


def test_the_office_gets_every_unsure_clause(checklist: Checklist) -> None:
    warnings = checklist.citation_warnings
    assert ("LIT-06", "GB 55037-2022 10.1.10（3.0lx，待核实）") in {(w.code, w.clause.ref) for w in warnings}
    assert len([w for w in warnings if w.clause.evidence is Evidence.UNSURE]) == 8
    assert {w.code for w in warnings if w.leaves_item_without_law} >= {"FDR-13", "FDR-02"}
