"""Pages that show every component, for pictures and accessibility checks. They exist in tests only."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Flask, render_template
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import Form
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import clock

PAGES = ("parts", "forms", "sheet", "phone", "empty", "stress")
LONG = "示范区民族团结进步模范寄宿制九年一贯制实验学校（南校区）附属幼儿园" * 3
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaen" * 5
ODD = ("ﷺ مرحبا بالعالم", "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤", "<script>alert(1)</script>", "བོད་ལྗོངས་སློབ་འབྲིང་།", "👩‍🚒🧯", "\u202etest\u202e")


class HeadCount(Form):
    """One class of a drill."""

    name = StringField("班级", [InputRequired("请填写班级。")])
    present = IntegerField("实到人数")


class Everything(FlaskForm):
    """One field of each kind."""

    name = StringField("学校名称", [InputRequired("请填写学校名称。"), Length(max=100)])
    kind = SelectField(
        "学校类别", choices=[SelectChoice("p", "小学"), SelectChoice("k", "幼儿园")], validators=[InputRequired()]
    )
    boarding = RadioField(
        "住宿",
        choices=[SelectChoice("y", "寄宿"), SelectChoice("n", "走读")],
        validators=[InputRequired("请选择是否寄宿。")],
    )
    role = RadioField("身份", choices=[SelectChoice("a", "校长"), SelectChoice("b", "安全管理人")])
    places = SelectMultipleField(
        "检查部位",
        choices=[SelectChoice("1", "教学楼"), SelectChoice("2", "宿舍"), SelectChoice("3", "食堂")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    founded = DateField("建成日期")
    starts = TimeField("开始时间")
    pupils = IntegerField("学生人数", [InputRequired("请填写学生人数。")])
    pressure = DecimalField("静压")
    password = PasswordField("密码")
    photo = FileField("照片")
    note = TextAreaField("备注")
    key_unit = BooleanField("消防安全重点单位")
    classes = FieldList(FormField(HeadCount), label="分班清点", min_entries=2)
    send = SubmitField("提交")

    def validate_note(self, field: Any) -> None:
        """A refusal in a long sentence, as the service words it."""
        if not field.data:
            raise ValidationError("备注没有填写：请写明与学校核对的情况，否则无法归档。")


def _somebody() -> SimpleNamespace:
    return SimpleNamespace(name="张建国", own_brigade_name="示范区消防救援大队")


def _examples() -> dict[str, Any]:
    today = clock.today()
    schools = [
        SimpleNamespace(
            name="示范区第三小学",
            detail="寄宿 · 1,240 人",
            colour="red",
            why="限期改正第 2 项逾期 11 天",
            open=3,
            due=today - timedelta(days=11),
        ),
        SimpleNamespace(
            name="示范区实验幼儿园", detail="日托 · 310 人", colour="red", why="本季度未演练", open=0, due=None
        ),
        SimpleNamespace(
            name="河谷中学",
            detail="寄宿 · 2,105 人",
            colour="yellow",
            why="应急照明 2 处",
            open=2,
            due=today + timedelta(days=2),
        ),
        SimpleNamespace(
            name="北山小学", detail="走读 · 480 人", colour="green", why="", open=0, due=today + timedelta(days=40)
        ),
    ]
    months = [("6月", 21, 17), ("7月", 24, 22), ("8月", 15, 15), ("9月", 30, 23), ("10月", 26, 27), ("11月", 18, 19)]
    navigation = [
        ("今日", "/_look/parts", True),
        ("学校", "/_look/forms", False),
        ("检查", "/_look/sheet", False),
        ("整改", "/_look/phone", False),
    ]
    navigation += [(name, "/_look/empty", False) for name in ("器材", "演练", "培训", "文书", "统计")]
    return {
        "long": LONG,
        "unbroken": UNBROKEN,
        "odd": ODD,
        "schools": schools,
        "months": months,
        "navigation": navigation,
        "signed_in": _somebody,
        "house_name": "示范区消防救援大队",
    }


def add_gallery(app: Flask) -> None:
    """Put the pages under /_look/ of an application that is being tested."""
    loader = app.jinja_env.loader
    assert loader is not None
    app.jinja_env.loader = ChoiceLoader([loader, FileSystemLoader(Path(__file__).parent / "templates")])
    bp = Blueprint("look", __name__, url_prefix="/_look")

    def show(page: str) -> str:
        form = Everything()
        form.validate_on_submit()
        return render_template(f"gallery/{page}.html", form=form, **_examples())

    show.permission = "public"  # type: ignore[attr-defined]
    bp.add_url_rule("/<any({}):page>".format(", ".join(PAGES)), "page", show, methods=["GET", "POST"])
    app.register_blueprint(bp)
