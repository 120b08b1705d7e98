"""What is filled in on the way of a list into the register."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from app.core.forms import Form, choices
from app.core.tables.texts import ENCODINGS
from app.imports.columns import ColumnsForm, DecisionsForm, columns_form, decisions_form
from app.imports.models import Decision, ImportRow, Verdict
from app.schools import labels
from app.schools.forms import some_id, text
from app.schools.models import SchoolKind
from app.schools.rules.lists import FIELDS


class UploadForm(Form):
    """The file. The view sets the choices of brigade."""

    file = FileField(_l("名单文件"), [FileRequired(_l("请选择文件。"))])
    brigade_id = SelectField(_l("为哪个大队导入"), coerce=some_id)


class MappingForm(ColumnsForm):
    """What holds for the whole list; the columns are added by `mapping_form`."""

    area_code = SelectField(_l("没有写区县的学校属于"))
    kind = SelectField(
        _l("没有写办学类型的学校是"),
        choices=[SelectChoice("", _l("按校名判断")), *choices(SchoolKind, labels.KINDS)],
        default="",
    )
    source = text(_l("代码由谁编的"), 40)
    sheet = SelectField(_l("工作表"))
    encoding = SelectField(
        _l("文字编码"),
        choices=[SelectChoice("", _l("自动识别")), *(SelectChoice(name, name.upper()) for name in ENCODINGS)],
        default="",
    )

    def chosen_sheet(self) -> str:
        """The worksheet to read; empty where the file has only one."""
        return (self.sheet.data or "") if self.sheet else ""


def mapping_form(headings: Sequence[str], mapped: Mapping[str, str]) -> type[MappingForm]:
    """A form with one choice for each column of this list."""
    options = [("", _("不导入")), *((name, str(labels.FIELDS[name])) for name in FIELDS)]
    return columns_form(MappingForm, headings, mapped, options)


class AcceptForm(Form):
    """Accepting the list, and what goes for all rows that nobody decided singly."""

    only_good = BooleanField()
    take_changes = BooleanField(_l("采用全部有变化的行"))
    take_likely = BooleanField(_l("疑似重复的都按新学校登记"))


class DecisionForm(DecisionsForm):
    """The decisions on the rows of one page; fields are added by `decision_form`."""

    def decisions(self) -> dict[int, tuple[Decision | None, uuid.UUID | None]]:
        """Row → what was decided, and which school it is where it is one that is there."""
        found: dict[int, tuple[Decision | None, uuid.UUID | None]] = {}
        for number, chosen in self.chosen().items():
            decision, _sign, school_id = chosen.partition(":")
            found[number] = (Decision(decision) if decision else None, uuid.UUID(school_id) if school_id else None)
        return found


def decision_form(rows: Sequence[ImportRow], names: Mapping[str, str]) -> type[DecisionForm]:
    """A form with one choice for each row that wants a decision. `names` are the schools that rows may be, by id."""
    asked = {}
    for row in rows:
        if row.verdict not in (Verdict.CHANGED, Verdict.LIKELY):
            continue
        changed = row.verdict == Verdict.CHANGED
        options = [(Decision.TAKE.value, _("采用变化") if changed else _("是新学校，登记"))]
        if not changed:
            same = [match[0] for match in row.matches if match[0] in names]
            options += [(f"same:{one}", _("就是“%(name)s”", name=names[one])) for one in same]
        options.append((Decision.LEAVE.value, _("不采用") if changed else _("不导入")))
        now = f"same:{row.target_id}" if row.decision == Decision.SAME else (row.decision.value if row.decision else "")
        asked[row.number] = (row.name, options, now)
    return decisions_form(DecisionForm, asked)
