"""What tests of a school's pages begin with: an order with a link, photos, and addresses."""

from __future__ import annotations

import io
from typing import Any

from app.core.extensions import db
from app.rectification.models.orders import Order
from app.rectification.rules.orders import ServiceMethod
from app.rectification.service import serving
from tests.cast import Cast
from tests.factories import orders as make
from tests.factories.pictures import picture


def linked(cast: Cast, *, how: Any = make.served, **more: Any) -> tuple[Order, str]:
    """An order and the address of a link to it."""
    order = how(cast, **more)
    address = f"/p/{make.link(cast, order)}"
    db.session.commit()
    return order, address


def sent_by_link(cast: Cast, **more: Any) -> tuple[Order, str]:
    """An order that was handed over by link and waits for the school's word."""
    order = make.issued(cast, **more)
    service = serving.Service(method=ServiceMethod.LINK, to_name="白玛", to_post="校长")
    serving.serve(cast.viewer("ines"), order, service)
    address = f"/p/{make.link(cast, order)}"
    db.session.commit()
    return order, address


def photo(seed: int = 0, name: str = "a.jpg", size: tuple[int, int] = (400, 300)) -> tuple[io.BytesIO, str]:
    """A photo as a form sends it."""
    return io.BytesIO(picture(*size, seed=seed)), name
