"""What kinds of papers there are: each feature declares its own, beside the data it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import LazyString


class Context(Protocol):
    """A frozen dataclass of plain values that a template prints."""

    @classmethod
    def sample(cls, language: str) -> Any:
        """An invented example in that language, which tests and the preview of settings render."""
        ...


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A photo, drawing or signature on a paper: its bytes are in the file store under `sha256`."""

    sha256: str
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """One kind of paper.

    `numbering` is a pattern of {code_word}, {year} and {serial}. The first of `languages` is the official one;
    papers in another say that they are translations. `copies` is the sentence about how many there are and for whom;
    `pictures` gives the bytes of the sample's pictures.
    """

    code: str
    title: LazyString
    template: str
    context: type[Any]
    numbering: str
    languages: tuple[str, ...] = ("zh_Hans_CN", "en")
    copies: LazyString | str = ""
    pictures: Callable[[], Mapping[str, bytes]] = dict

    def number(self, *, code_word: str, year: int, serial: int) -> str:
        """The number as it is printed."""
        return self.numbering.format(code_word=code_word, year=year, serial=serial)


_kinds: dict[str, DocumentKind] = {}


def declare(kind: DocumentKind) -> DocumentKind:
    """Make a kind known."""
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"two kinds of papers are called {kind.code}")
    _kinds[kind.code] = kind
    return kind


def kind_of(code: str) -> DocumentKind:
    """The kind with that code. Raises KeyError."""
    return _kinds[code]


def title_of(code: str) -> str:
    """What the kind is called in the language of the page."""
    return str(_kinds[code].title)


def all_kinds() -> tuple[DocumentKind, ...]:
    """Every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))
