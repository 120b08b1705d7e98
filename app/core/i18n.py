"""Which language a page speaks. Texts in the code are Simplified Chinese; English is a catalogue."""

from __future__ import annotations

from flask import Flask, current_app, has_request_context, request, session
from flask_babel import get_locale

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


def attach(app: Flask) -> None:
    """Attach the catalogues and tell templates the language."""
    babel.init_app(app, locale_selector=choose_language)
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
