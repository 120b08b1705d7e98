"""校防 Xiaofang: a fire brigade inspects schools, and schools put right what was found."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, navigation
from app.accounts import access, sessions
from app.config import Settings, load
from app.core import errors, files, formats, i18n, lean, web
from app.core.extensions import csrf, db, migrate
from app.operators import health, start

#: The features, from the lowest to the highest. What each brings (models, views, panels, jobs) is loaded by name.
FEATURES = (
    "core", "audit", "organisations", "accounts", "notifications", "regulations", "imports", "schools", "documents", "teams", "planning", "equipment",
    "fieldwork", "logbook", "rectification", "inspections", "drills", "trainings", "certificates", "casefiles", "duties", "questions", "tasks", "measures", "handbook", "selfchecks", "portal", "workcalendar", "reporting", "sync",
)  # fmt: skip
ROOT = Path(__file__).resolve().parent.parent


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        XF_LANGUAGE=settings.language,
        XF_TODAY=settings.today,
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open in a basement for hours
        MAX_CONTENT_LENGTH=64 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        SESSION_COOKIE_NAME="xf",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "app" / "translations"),
    )


def _load_features(app: Flask) -> None:
    for part in ("models", "documents", "jobs", "reminders", "panels", "views"):
        for feature in FEATURES:
            name = f"app.{feature}.{part}"
            if importlib.util.find_spec(name) is None:
                continue
            module = importlib.import_module(name)
            if hasattr(module, "bp"):
                app.register_blueprint(module.bp)


def create_app(settings: Settings | None = None) -> Flask:
    """Configure, attach extensions, register what the features bring. Raises SettingsError when a setting is wrong."""
    settings = settings or load()
    settings.data.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    _configure(app, settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    i18n.attach(app)
    files.attach(app, url=settings.files, folder=settings.data / "files")
    for part in (formats, errors, web, lean):
        part.register(app)
    sessions.attach(app)
    access.register(app)
    navigation.register(app)
    _load_features(app)
    app.register_blueprint(health.bp)
    cli.register(app)
    start.check(app)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app
