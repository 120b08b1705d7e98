"""What kinds of papers there are: each feature declares its own, beside the data it prints."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


class Copy(enum.StrEnum):
    """Which of the two copies of a paper. What is printed for the file only (the receipt) is on the archive copy."""

    PARTY = "party"
    ARCHIVE = "archive"


class Letterhead(enum.StrEnum):
    """Who speaks in a paper: the brigade, or the school in its own name and without a number of the brigade's."""

    BRIGADE = "brigade"
    SCHOOL = "school"


@dataclass(frozen=True, kw_only=True)
class TextPiece:
    """A paragraph of a kind that a brigade may reword.

    `places` are what the template fills in: name → how it is called in the text, in braces, in the paper's language.
    `note` is for the office only: what is unsure about the wording. An empty text prints nothing.
    """

    name: str
    label: LazyString
    default: LazyString | str
    places: Mapping[str, LazyString] = field(default_factory=dict)
    note: LazyString | str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentKind:
    """One kind of paper.

    `numbering` is a pattern of {code_word}, {year} and {serial}; where `number_setting` names a setting of the brigade,
    that one holds. The first of `languages` is the official one; papers in another say that they are translations.
    `copies` is the sentence about how many there are and for whom; `pictures` gives the bytes of the sample's pictures.
    With `archive_copy` two files are made: the party's, and the archive's with the blocks that only it has.
    `brigade_only`: neither the school nor its bureau sees it (approvals, answers to who complained).
    """

    code: str
    title: LazyString
    template: str
    context: type[Any]
    numbering: str
    languages: tuple[str, ...] = ("zh_Hans_CN", "en")
    copies: LazyString | str = ""
    number_setting: str = ""
    letterhead: Letterhead = Letterhead.BRIGADE
    archive_copy: bool = False
    brigade_only: bool = False
    texts: tuple[TextPiece, ...] = ()
    pictures: Callable[[], Mapping[str, bytes]] = dict

    def number(self, *, code_word: str, year: int, serial: int, pattern: str = "") -> str:
        """The number as it is printed; `pattern` is the brigade's own."""
        return (pattern or self.numbering).format(code_word=code_word, year=year, serial=serial)

    @property
    def may_be_reworded(self) -> bool:
        """Whether a brigade has anything to word here: paragraphs, or a number that no setting gives."""
        return bool(self.texts) or not self.number_setting

    @property
    def file_copies(self) -> tuple[Copy, ...]:
        """The copies that are made as files."""
        return (Copy.PARTY, Copy.ARCHIVE) if self.archive_copy else (Copy.PARTY,)


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
