"""A server as a process of its own, its people's sessions, and tabs of a slowed browser."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, Page

from app import create_app
from app.accounts.models import SignIn
from app.accounts.service import token_hash
from app.config import load
from app.core import clock
from app.core.extensions import db
from app.organisations.service import load_areas
from app.regulations.service import load_packs
from tests import cast as casting
from tests.bench.taps import forty
from tests.browser import open_tab
from tests.cast import Cast
from tests.tablet.ground import Server, enter_pin, stored, until

#: How many times slower than this machine the tablet is taken to be.
SLOWER = 4
SECRET = "only for the tests"


def slow(page: Page) -> Page:
    """From now on the page's own work takes so many times longer; its service worker is not slowed."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


class Ground:
    """One data folder, the application on it for setting the scene, and its server."""

    def __init__(self, folder: Path, *, data: Path | None = None, secret: str = SECRET) -> None:
        self.server = Server(folder)
        self.data = data or folder / "data"
        self.server.settings |= {"XF_DATA": str(self.data), "SECRET_KEY": secret}
        self.app: Flask = create_app(load({"XF_DATA": str(self.data), "SECRET_KEY": secret}))

    def cookie(self, person_id: uuid.UUID) -> str:
        """The session of somebody who has just signed in; inside the application's context."""
        token = secrets.token_urlsafe(24)
        until = clock.now() + timedelta(days=1)
        db.session.add(SignIn(token_hash=token_hash(token), person_id=person_id, expires_at=until))
        db.session.commit()
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        told: str = signer.dumps({"_user_id": token, "_fresh": True, "language": "zh_Hans_CN"})
        return told

    @contextmanager
    def tab(self, browser: Browser, cookie: str = "", *, size: str = "tablet", before: str = "") -> Iterator[Page]:
        """A tab of a fresh profile, slowed; `before` is the session of who signed in on this tablet earlier."""
        media: dict[str, Any] = {"reduced_motion": "reduce", "locale": "zh-CN"}
        page = open_tab(browser, self.server.address, size=size, cookie=before or cookie, media=media, own_clock=True)
        try:
            if before:
                page.goto("/sync/")
                page.locator("html[data-ready]").wait_for(state="attached")
                page.evaluate("navigator.serviceWorker.ready.then(() => true)")
                until(lambda: any("grant" in one for one in stored(page, "meta")), "the second officer's token is here")
                page.wait_for_load_state("networkidle")
                page.goto("about:blank")
                page.context.clear_cookies()
                page.context.add_cookies([{"name": "xf", "value": cookie, "url": self.server.address}])
            yield slow(page)
        finally:
            page.context.close()


def forty_items(folder: Path) -> tuple[Ground, Cast]:
    """A server with the cast and the school of the forty items, running."""
    ground = Ground(folder)
    with ground.app.app_context():
        db.create_all()
        load_areas()
        load_packs()
        db.session.commit()
        cast = casting.assemble()
        forty.school(cast)
        db.session.remove()
    ground.server.start()
    return ground, cast


def take_along(page: Page) -> None:
    """In the station, before anything is counted: the list is open and the visit is on the tablet."""
    page.goto("/sync/")
    page.locator("html[data-ready]").wait_for(state="attached")
    page.locator("[data-refresh]:enabled").tap()
    enter_pin(page)
    page.locator("[data-status=ready]").first.wait_for(timeout=120_000)
