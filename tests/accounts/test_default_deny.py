"""Whoever forgets to say who may call a view has locked it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.accounts.limits import limit
from app.core.web import public
from tests.cast import Cast


@pytest.fixture
def forgotten(app: Flask, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a view that lost its permission line."""
    monkeypatch.setitem(app.view_functions, "accounts.account", lambda: "secret")
    monkeypatch.setitem(app.view_functions, "accounts.change_details", lambda: "secret")
    return "/account"


@pytest.mark.parametrize("name", ["ada", "lea", "ines", "pema"])
def test_a_view_without_a_permission_line_is_refused(as_person: Any, cast: Cast, forgotten: str, name: str) -> None:
    browser = as_person(name)
    assert browser.get(forgotten).status_code == 403
    assert browser.post(forgotten).status_code == 403


def test_it_is_refused_to_nobody_in_particular_too(client: Any, forgotten: str) -> None:
    answer = client.get(forgotten)
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_limited_view_keeps_its_permission_line() -> None:
    def view() -> str:
        return ""

    assert limit("x", most=1)(public(view)).permission == "public"  # type: ignore[attr-defined]
