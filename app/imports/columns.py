"""What is filled in on the way of every list: a choice for each column, and for rows that the program does not decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.core.forms import Form, Optional
from app.core.tables import IGNORED


class ColumnsForm(Form):
    """What each column of a list is; the columns are added by `columns_form`."""

    def columns(self) -> dict[int, str]:
        """Column → field."""
        return {int(n.removeprefix("column_")): f.data for n, f in self._fields.items() if n.startswith("column_")}


Columns = TypeVar("Columns", bound=ColumnsForm)


def columns_form(
    base: type[Columns], headings: Sequence[str], mapped: Mapping[str, str], options: Iterable[tuple[str, str]]
) -> type[Columns]:
    """A form with one choice for each column of this list. `options` are field and name; the empty field comes first."""
    choices = [SelectChoice(name, words) for name, words in options]
    fields: dict[str, Any] = {}
    for column, heading in enumerate(headings):
        label = heading or _("第 %(number)d 列（没有表头）", number=column + 1)
        now = mapped.get(str(column), "")
        fields[f"column_{column}"] = SelectField(
            label, choices=choices, default="" if now == IGNORED else now, validators=[Optional()]
        )
    return type("ThisColumnsForm", (base,), fields)


class DecisionsForm(Form):
    """What was decided of the rows of one page; the rows are added by `decisions_form`."""

    def chosen(self) -> dict[int, str]:
        """Row → what was chosen, empty where nothing was."""
        return {int(n.removeprefix("row_")): f.data or "" for n, f in self._fields.items() if n.startswith("row_")}


Decisions = TypeVar("Decisions", bound=DecisionsForm)


def decisions_form(
    base: type[Decisions], rows: Mapping[int, tuple[str, Sequence[tuple[str, str]], str]]
) -> type[Decisions]:
    """A form with one choice for each of these rows: number → what it is called, its options, what was decided before."""
    fields: dict[str, Any] = {}
    for number, (name, options, now) in rows.items():
        label = _("第 %(row)d 行“%(name)s”", row=number, name=name)
        choices = [SelectChoice("", _("未决定")), *(SelectChoice(value, words) for value, words in options)]
        fields[f"row_{number}"] = SelectField(label, choices=choices, default=now)
    return type("TheseDecisionsForm", (base,), fields)
