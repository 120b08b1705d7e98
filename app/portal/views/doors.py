"""Two doors to the same pages of one order: a school's account, and a link that opens this order and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.limits import allowed, limit
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.web import found, public
from app.fieldwork.models import Photo
from app.organisations import queries as organisations
from app.portal.queries import orders as queries
from app.portal.queries.orders import Place
from app.portal.views.blueprint import bp
from app.rectification.models.orders import PortalLink
from app.rectification.queries import links
from app.rectification.rules.machine import OrderState
from app.rectification.service.events import Sender

#: Tokens that nobody made, per network address and window; whoever tries more is told to wait.
GUESSES, WINDOW_S = 20, 300
#: How often a page is opened by link, and how often something is sent, per network address and window. A whole school may
#: share one address.
OPENINGS, SENDINGS = 600, 300


@dataclass(frozen=True, kw_only=True)
class Door:
    """Who came in, to which order, and how addresses of this order are made."""

    sender: Viewer | Sender
    place: Place
    link: PortalLink | None = None
    token: str = ""

    @property
    def is_link(self) -> bool:
        """Came without an account."""
        return self.link is not None

    def url(self, page: str, **values: Any) -> str:
        """The address of a page of this order behind the same door."""
        if self.is_link:
            return url_for(f"portal.link_{page}", token=self.token, **values)
        return url_for(f"portal.order_{page}", order_id=self.place.order.id, **values)

    def photo(self, photo: Photo, *, small: bool = False) -> str:
        """The address of a photo: by link one that belongs to this order."""
        size = "small" if small else None
        if self.is_link:
            return url_for("portal.link_photo", token=self.token, photo_id=photo.id, size=size)
        return url_for("fieldwork.photo", photo_id=photo.id, size=size)

    def named(self, name: str) -> Viewer | Sender:
        """The sender; somebody without an account goes by the name that was typed."""
        return Sender(name=name.strip()[:80], link_id=self.link.id) if self.link else self.sender


def _useless(state: str, status: int, opened: tuple[PortalLink, Place] | None = None) -> ResponseReturnValue:
    """Why a link opens nothing, in one sentence, and whom to call."""
    brigades = [opened[1].brigade] if opened else list(organisations.all_brigades())
    page = render_template(
        "portal/useless.html", state=state, link=opened[0] if opened else None, brigades=brigades[:5]
    )
    return page, status


def _by_link(token: str) -> Door | ResponseReturnValue:
    opened = queries.by_token(token)
    if opened is None:
        if not allowed("link_guess", most=GUESSES, window_s=WINDOW_S):
            current_app.logger.warning("too many unknown links from %s", request.remote_addr)
            abort(429)
        return _useless("unknown", 404)
    link, place = opened
    if link.revoked_at is not None:
        return _useless("revoked", 410, opened)
    if not links.works(link):
        return _useless("expired", 410, opened)
    if place.order.state is OrderState.VOID:
        return _useless("void", 410, opened)
    return Door(sender=Sender(name="", link_id=link.id), place=place, link=link, token=token)


def by_account(order_id: uuid.UUID) -> Door:
    """The door of a school's account; an order of another school is not there."""
    return Door(sender=viewer, place=found(queries.own(viewer, order_id)))


Page = Callable[..., ResponseReturnValue]


def both_doors(
    path: str, name: str, *, methods: tuple[str, ...] = ("GET",), by_link_only: bool = False
) -> Callable[[Page], Page]:
    """Put a page of an order behind both doors: /portal/orders/<id>… for accounts, /p/<token>… for links.

    The page takes the Door first. Endpoints are `order_<name>` and `link_<name>`.
    """

    def mark(page: Page) -> Page:
        @wraps(page)
        def from_link(token: str, **rest: Any) -> ResponseReturnValue:
            door = _by_link(token)
            return page(door, **rest) if isinstance(door, Door) else door

        @wraps(page)
        def from_account(order_id: uuid.UUID, **rest: Any) -> ResponseReturnValue:
            return page(by_account(order_id), **rest)

        sends = "POST" in methods
        most = SENDINGS if sends else OPENINGS
        limited = limit("link_sends" if sends else "link_opens", most=most, window_s=WINDOW_S, methods=methods)
        # Photos and beacons come with their page and are not counted beside it.
        guarded = limited(from_link) if sends or name == "page" else from_link
        bp.add_url_rule(f"/p/<token>{path}", f"link_{name}", public(guarded), methods=list(methods))
        if not by_link_only:
            needed = Permission.SEND_EVIDENCE if sends else Permission.SEE_PORTAL
            own = requires(needed)(limit("evidence", most=SENDINGS)(from_account))
            bp.add_url_rule(f"/portal/orders/<uuid:order_id>{path}", f"order_{name}", own, methods=list(methods))
        return page

    return mark
