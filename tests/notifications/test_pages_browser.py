"""The pages on phone and tablet in both languages: accessible, nothing cut, and the list of calls prints with its boxes."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.extensions import db
from app.notifications.models import Message
from app.notifications.worker import go_round
from tests.browser import sound
from tests.cast import Cast
from tests.factories.messages import channels, reachable, tell_school

pytestmark = pytest.mark.browser


@pytest.fixture
def addresses(cast: Cast, monday: Any) -> list[str]:
    """Pages with something on each: a message that waits, a call to make, notices to read."""
    channels(mail="mailto://127.0.0.1:1?from=xf@example.cn")
    reachable(cast, "otto", email="otto@school.cn")
    reachable(cast, "olga", email="olga@fire.cn")
    tell_school(cast, subject=("school", cast.school_id))
    tell_school(cast, 2, school_id=cast.ottos_school_id, urgent=True)
    tell_school(cast, 3, school_id=None, brigade_id=cast.brigade_id)
    go_round()
    message_id = db.session.scalars(sa.select(Message.id).where(Message.channel == "email")).first()
    db.session.rollback()
    return [
        "/messages",
        "/admin/messages",
        f"/admin/messages/{message_id}",
        "/admin/messages/calls",
        "/account/messages",
    ]


@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("tablet", "zh")])
def test_the_pages_are_sound(
    app: Flask, addresses: list[str], browser_page: Any, monday: Any, size: str, language: str
) -> None:
    page = browser_page(size, language=language, person="olga")
    for address in addresses:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        sound(page)


def test_the_call_list_prints_with_a_box_a_school(
    app: Flask, addresses: list[str], browser_page: Any, monday: Any
) -> None:
    page = browser_page("desktop", person="olga")
    page.goto("/admin/messages/calls")
    page.emulate_media(media="print")
    assert page.locator(".call h2").inner_text().startswith("☐")
    assert not page.get_by_role("button", name="登记已通知").is_visible()
