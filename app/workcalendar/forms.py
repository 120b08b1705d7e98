"""What the calendar is narrowed to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.core.forms import Form, Text, choices
from app.workcalendar.rules import Kind
from app.workcalendar.words import KINDS


class FilterForm(Form):
    """Kind, officer, school. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        """An address carries no token."""

        csrf = False

    kind = SelectField(_l("类型"), default="")
    officer = SelectField(_l("检查人员"), default="")
    q = Text(_l("学校"))

    def __init__(self, *args: Any, officers: Mapping[uuid.UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer.choices = [SelectChoice("", _("全部")), *(SelectChoice(str(k), v) for k, v in officers.items())]
        # Whoever sees no visits is not asked for them.
        kinds = Kind if officers else [kind for kind in Kind if kind is not Kind.VISIT]
        self.kind.choices = [SelectChoice("", _("全部")), *choices(kinds, KINDS)]
