"""One application with the gallery, on one database: what is seen here is the same on both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from app.config import load
from app.core.extensions import db
from tests.conftest import Browser
from tests.look.gallery import add_gallery


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that also has the gallery."""
    folder = tmp_path_factory.mktemp("gallery")
    app = create_app(load({"XF_DATA": str(folder), "SECRET_KEY": "only for the tests"}))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=True)
    app.test_client_class = Browser
    add_gallery(app)
    with app.app_context():
        db.create_all()
    return app


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """Stands in for the application of conftest."""
    house.config["WTF_CSRF_ENABLED"] = True
    with house.app_context():
        yield house
