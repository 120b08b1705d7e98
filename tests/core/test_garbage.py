"""A worker of the server lets the collector of garbage leave the application alone."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from gunicorn.app.wsgiapp import WSGIApplication

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.one_database
def test_a_worker_that_is_up_has_its_application_looked_through_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["gunicorn", "app:create_app()"])
    usual = gc.get_threshold()
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)
    try:
        WSGIApplication().cfg.post_worker_init(None)
        assert gc.get_freeze_count() > 100_000
        assert gc.get_threshold()[0] > 700
    finally:
        gc.set_threshold(*usual)
