"""How a kind of paper is worded: its own paragraphs, a brigade's rewording, and what is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask_babel import force_locale
from markupsafe import Markup, escape

from app.documents.kinds import DocumentKind, TextPiece
from app.documents.script import tibetan_runs

_PLACE = re.compile(r"\{([^{}\n]*)\}")
Say = Callable[..., list[Markup]]


def defaults(kind: DocumentKind, language: str) -> dict[str, str]:
    """The program's own wording of every paragraph, in a language."""
    with force_locale(language):
        return {piece.name: str(piece.default) for piece in kind.texts}


def places(piece: TextPiece, language: str) -> dict[str, str]:
    """What may stand in braces in that language → the name by which the template fills it in."""
    with force_locale(language):
        return {_key(str(label)): name for name, label in piece.places.items()}


def places_shown(piece: TextPiece, language: str) -> list[str]:
    """What may stand in braces, as it is written."""
    with force_locale(language):
        return [f"{{{label}}}" for label in piece.places.values()]


def _key(place: str) -> str:
    return place.strip().casefold()


def unknown_places(text: str, piece: TextPiece, language: str) -> tuple[str, ...]:
    """What stands in braces and means nothing; a brace that is not closed too."""
    known = places(piece, language)
    strange = tuple(found for found in _PLACE.findall(text) if _key(found) not in known)
    loose = tuple(sorted(set(re.findall(r"[{}]", _PLACE.sub("", text)))))
    return strange + loose


def missing_places(text: str, piece: TextPiece, language: str) -> tuple[str, ...]:
    """What the program's wording fills in and this one leaves out: without it the paper would not say what it must."""
    with force_locale(language):
        default = str(piece.default)
    there = set(map(_key, _PLACE.findall(text)))
    return tuple(found for found in dict.fromkeys(_PLACE.findall(default)) if _key(found) not in there)


def fill(text: str, values: Mapping[str, object], *, piece: TextPiece, language: str) -> list[Markup]:
    """The paragraphs of a text with its places filled in, escaped. Raises KeyError for a place without a value."""
    known = places(piece, language)
    return [_filled(line, values, known) for line in text.splitlines() if line.strip()]


def _filled(line: str, values: Mapping[str, object], known: Mapping[str, str]) -> Markup:
    made, end = Markup(""), 0
    for found in _PLACE.finditer(line):
        made += escape(line[end : found.start()])
        made += tibetan_runs(str(values[known[_key(found.group(1))]]))
        end = found.end()
    return made + escape(line[end:])


def speaker(kind: DocumentKind, language: str, worded: Mapping[str, str]) -> Say:
    """The function with which a template says a paragraph: `say("opening", day=…)`."""
    pieces, own = {piece.name: piece for piece in kind.texts}, defaults(kind, language)

    def say(name: str, **values: object) -> list[Markup]:
        return fill(worded.get(name, own[name]), values, piece=pieces[name], language=language)

    return say
