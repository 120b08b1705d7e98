"""What every form is made of: one base class, and fields that read what people really type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from flask import flash
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import escape
from wtforms import (
    DateField,
    DecimalField,
    Field,
    IntegerField,
    MultipleFileField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.core.errors import DomainError


def half_width(text: str) -> str:
    """Full-width digits, letters and signs as half-width (１２３ → 123), for codes and numbers only."""
    return unicodedata.normalize("NFKC", text)


def tidy(text: str | None) -> str | None:
    """Outer white space off, and NUL, which PostgreSQL cannot hold; nothing else is changed in what a person wrote."""
    return text.replace("\x00", "").strip() if isinstance(text, str) else text


#: Signs that every set of faces has; only what is beyond them is looked up.
SURELY_PRINTED = re.compile(r"[\s!-~\u00a0-\u00ff\u2010-\u2027\u3000-\u301e\u4e00-\u9fa5\uff01-\uff5e]+")
_find_unprintable: Callable[[str], tuple[str, ...]] = lambda _text: ()  # noqa: E731


def look_up_unprintable_with(find: Callable[[str], tuple[str, ...]]) -> None:
    """Tell forms who knows which signs no typeface has (the papers do; core cannot ask them itself)."""
    global _find_unprintable
    _find_unprintable = find


def unprintable_in(texts: Iterable[Any]) -> tuple[str, ...]:
    """The signs of these texts that papers will print as a visible substitute, each once."""
    rare = "".join(SURELY_PRINTED.sub("", text) for text in texts if isinstance(text, str))
    return tuple(dict.fromkeys(_find_unprintable(rare))) if rare else ()


def warn_of_unprintable(texts: Iterable[Any]) -> None:
    """Say on the next page which signs no typeface has. It blocks nothing: the text is kept as it was typed."""
    found = unprintable_in(texts)
    if found:
        signs = " ".join(f"U+{ord(sign[0]):04X}" for sign in found[:10])
        flash(_("已按原样保存。字体中没有这些字符，打印时会以代码代替：%(signs)s", signs=signs), "warning")


class Form(FlaskForm):
    """A form of the product. `add_problem` puts a refusal of the service beside the field it is about."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; warn, without refusing, of signs that papers cannot print."""
        if not super().validate(extra_validators):
            return False
        warn_of_unprintable(f.data for f in self if isinstance(f, StringField) and not isinstance(f, PasswordField))
        return True

    def stand_apart(self, name: str) -> None:
        """Give the fields ids of their own, where a page has several forms with the same fields."""
        for field in self:
            field.id = field.label.field_id = f"{name}-{field.short_name}"

    def add_problem(self, problem: DomainError) -> None:
        """Show a DomainError at its field, or above the form."""
        field = self._fields.get(problem.field) if problem.field else None
        if field is None:
            self.form_errors.append(problem.message)
        else:
            field.errors = [*field.errors, problem.message]


class Select(widgets.Select):
    """Choices of hundreds of schools, drawn without asking each for attributes that none of them has."""

    @classmethod
    def render_option(cls, choice: Any, **kwargs: Any) -> str:
        """One choice, as the library draws it."""
        if kwargs or choice.render_kw or not isinstance(choice.value, str):
            drawn: str = super().render_option(choice, **kwargs)
            return drawn
        selected = "selected " if choice.selected else ""
        return f'<option {selected}value="{escape(choice.value)}">{escape(choice.label or choice.value)}</option>'


class Text(StringField):
    """One line of text, outer white space off."""

    def __init__(self, label: Any, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), filters=[tidy, *kwargs.pop("filters", [])], **kwargs)


class LongText(TextAreaField):
    """Several lines of text, outer white space off."""

    def __init__(self, label: Any, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(label, list(validators), filters=[tidy], **kwargs)


class WholeNumber(IntegerField):
    """A whole number; full-width digits are read too."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([half_width(v).strip().replace(",", "") for v in valuelist if v is not None])


class Measure(DecimalField):
    """A measured figure; full-width digits and the full-width point are read too."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([half_width(v).strip().replace("。", ".") for v in valuelist if v is not None])


class Photos(MultipleFileField):
    """Several photos in one field; `chosen()` gives them as (file name, bytes)."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, render_kw={"accept": "image/*", "multiple": True}, **kwargs)

    def chosen(self) -> list[tuple[str, bytes]]:
        """What was chosen; an empty field sends one file without a name."""
        return [(f.filename, f.read()) for f in self.data or [] if getattr(f, "filename", "")]


class Day(DateField):
    """A date. Reads 2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日 and 20261122."""

    def __init__(self, label: Any, validators: Iterable[Any] = (), **kwargs: Any) -> None:
        super().__init__(
            label,
            list(validators),
            format=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"],
            **kwargs,
        )

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([half_width(v).strip() for v in valuelist if v is not None])


def choices(members: Iterable[StrEnum], labels: dict[Any, Any]) -> list[SelectChoice]:
    """Choices of an enum with their labels, in the enum's order."""
    return [SelectChoice(member.value, labels[member]) for member in members]


def not_before(earliest: Callable[[], date], message: Any = None) -> Callable[[Form, Field], None]:
    """A validator: the day is not before another."""

    def check(_form: Form, field: Field) -> None:
        if field.data and field.data < earliest():
            raise ValidationError(str(message or _l("日期不能早于 %(day)s。", day=earliest().isoformat())))

    return check


def not_after(latest: Callable[[], date], message: Any = None) -> Callable[[Form, Field], None]:
    """A validator: the day is not after another."""

    def check(_form: Form, field: Field) -> None:
        if field.data and field.data > latest():
            raise ValidationError(str(message or _l("日期不能晚于 %(day)s。", day=latest().isoformat())))

    return check


__all__ = [
    "Day",
    "Form",
    "LongText",
    "Measure",
    "Optional",
    "Photos",
    "Text",
    "WholeNumber",
    "choices",
    "half_width",
    "not_after",
    "not_before",
    "tidy",
]
