"""Which language a page speaks. Texts in the code are Simplified Chinese; English is a catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.core.extensions import babel

LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}
TAGS = {"zh_Hans_CN": "zh-CN", "en": "en"}


def choose_language() -> str:
    """The visitor's choice, else the installation's language."""
    if has_request_context():
        chosen = session.get("language")
        if chosen in LANGUAGES:
            return str(chosen)
    default: str = current_app.config["XF_LANGUAGE"]
    return default


def language() -> str:
    """The language of the page being made: zh_Hans_CN or en."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh_Hans_CN"


def language_tag() -> str:
    """What <html lang> says."""
    return TAGS[language()]


def localised(chinese: str, english: str | None) -> str:
    """The English text for an English page when there is one, else the Chinese."""
    return english if english and language() == "en" else chinese


def texts_of_templates() -> Callable[..., str]:
    """What `_` is in a template: Flask-Babel's own meaning, with the catalogue found once.

    A page asks for hundreds of texts, and Flask-Babel finds catalogue, locale and context anew for each.
    """
    catalogues: dict[str, Callable[[str], str]] = {}

    @pass_eval_context
    def gettext(context: EvalContext, text: str, /, **variables: Any) -> str:
        locale = get_locale()
        name = locale.language if locale is not None else ""
        if name not in catalogues:
            catalogues[name] = get_translations().ugettext
        found = catalogues[name](text)
        if context.autoescape:
            found = Markup(found)  # noqa: S704 our own text; what is filled in is escaped by Markup
        return found % variables if variables or "%" in found else found

    return gettext


def attach(app: Flask) -> None:
    """Attach the catalogues and tell templates the language."""
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = texts_of_templates()
    app.jinja_env.globals.update(
        get_locale=get_locale, language=language, language_tag=language_tag, LANGUAGES=LANGUAGES, localised=localised
    )


def wants(code: str) -> bool:
    """Keep a visitor's choice of language; False when there is no such language."""
    if code not in LANGUAGES:
        return False
    session["language"] = code
    return True


def safe_back(target: str | None, otherwise: str) -> str:
    """An address of this site to go back to, never another site's."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target:
        return target
    return otherwise


def requested_back(otherwise: str) -> str:
    """Where the visitor came from on this site (`next` of the form or query)."""
    return safe_back(request.values.get("next"), otherwise)
