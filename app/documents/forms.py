"""What people fill in about papers: a reason, a check code, a file, a wording, an order to print in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Regexp
from wtforms.validators import Optional as MayBeEmpty

from app.core.forms import Form, LongText, Text, WholeNumber
from app.documents.kinds import DocumentKind
from app.documents.models import NUMBERING, IssuedDocument


class FilterForm(Form):
    """Which papers to list. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"))
    kind = SelectField(_l("文书种类"), default="", validate_choice=False)

    def __init__(self, kinds: Sequence[DocumentKind], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice("", _l("全部")), *(SelectChoice(one.code, one.title) for one in kinds)]


class ReasonForm(Form):
    """Why a paper is revoked, replaced or its number voided; a page has several, told apart by their act."""

    reason = LongText(
        _l("原因"), [InputRequired(_l("请填写原因。")), Length(max=300, message=_l("原因最多 300 个字。"))]
    )

    def __init__(self, act: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.id = self.reason.label.field_id = f"{act}-reason"


class ScanForm(Form):
    """A paper that was printed, sealed and signed, as a scan."""

    scan = FileField(_l("盖章签字件（PDF 或照片）"), [FileRequired(_l("请选择扫描件。"))])


class NationalNumberForm(Form):
    """The number that the national system gave the paper."""

    national_number = Text(_l("国家系统文号"), [MayBeEmpty(), Length(max=60, message=_l("国家系统文号最多 60 个字。"))])


def texts_form(kind: DocumentKind, language: str, **given: Any) -> Form:
    """A form with a field for every paragraph of the kind that may be reworded, named as the paragraph."""
    most = Length(max=3000, message=_l("每段文字最多 3000 个字。"))
    named: dict[str, Any] = {piece.name: LongText(piece.label, [MayBeEmpty(), most]) for piece in kind.texts}
    if not kind.number_setting and language == kind.languages[0]:
        named[NUMBERING] = Text(_l("编号格式"), [MayBeEmpty(), Length(max=60)])
    made = type("TextsForm", (Form,), {**named, "based_on": HiddenField()})(**given)
    return cast(Form, made)


class BatchForm(Form):
    """How papers are joined; the place of each is a field named `place-<id>`, added by `batch_form`."""

    copies = RadioField(
        _l("打印哪一联"),
        [InputRequired(_l("请选择打印哪一联。"))],
        choices=[
            SelectChoice("party", _l("当事人联")),
            SelectChoice("archive", _l("存档联")),
            SelectChoice("both", _l("两联都打印")),
        ],
        default="party",
    )
    on_odd_pages = BooleanField(_l("每份文书从单数页开始（双面打印时各自成张）"), default=True)


def batch_form(documents: Sequence[IssuedDocument], **given: Any) -> BatchForm:
    """The form of one batch: each paper with its place in the joined file."""
    places = {
        f"place-{document.id}": WholeNumber(
            _l("%(number)s 的顺序", number=document.number),
            [InputRequired(_l("请填写顺序号。")), NumberRange(min=1, max=999, message=_l("顺序号为 1 到 999。"))],
            default=position,
        )
        for position, document in enumerate(documents, 1)
    }
    return cast(BatchForm, type("OneBatchForm", (BatchForm,), places)(**given))


class CodeForm(Form):
    """The check code from a paper."""

    code = Text(_l("校验码"), [InputRequired(_l("请输入文书页脚的校验码。")), Length(max=300)])


class _Wanted:
    """Marks a field as needed without refusing it: the hash beside it may have come instead."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, _field: Field) -> None:
        """Refuses nothing."""


class FileForm(Form):
    """A paper as a file; where the browser can, only its hash is sent."""

    file = FileField(_l("PDF 文件"), [_Wanted()])
    sha256 = HiddenField(validators=[MayBeEmpty(), Regexp("^[0-9a-f]{64}$", message=_l("请重新选择文件。"))])
