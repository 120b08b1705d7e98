"""Reading a row of a bureau's list: which headings mean what, and what the texts in the cells say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.organisations.rules import AreaBook

#: Field → headings it goes by. The national school code is 学校标识码; other codes are the list's own.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": ("学校名称", "名称", "单位名称", "机构名称", "学校（机构）名称", "学校全称", "校名", "幼儿园名称", "园名", "学校", "school name", "school", "name of school", "institution name"),
    "name_bo": ("藏文名称", "藏文校名", "藏语名称", "tibetan name"),
    "name_en": ("英文名称", "英文校名", "english name"),
    "external_code": ("学校标识码", "学校（机构）标识码", "学校代码", "机构代码", "单位代码", "代码", "标识码", "学校编码", "编码", "编号", "organization code", "organisation code", "school code", "school id", "code"),
    "kind": ("办学类型", "学校类型", "学校类别", "类型", "类别", "学段", "办学层次", "办学类型名称", "organization type", "school type", "type", "level"),
    "area": ("所属区县", "区县", "县区", "行政区划代码", "行政区划", "所在地行政区划代码", "所在区县", "属地", "地区", "县（区）", "district", "county", "area code", "area"),
    "address": ("地址", "学校地址", "详细地址", "办学地址", "通讯地址", "校址", "地址名称", "address", "location", "location 1", "street address"),
    "is_boarding": ("是否寄宿", "寄宿制", "是否寄宿制", "寄宿", "是否寄宿制学校", "是否住宿", "boarding"),
    "is_key_unit": ("消防安全重点单位", "重点单位", "是否重点单位", "key unit"),
    "phone": ("电话", "联系电话", "学校电话", "办公电话", "电话号码", "固定电话", "phone", "telephone", "phone number"),
    "responsible_person": ("校长", "法人", "负责人", "法定代表人", "校长姓名", "负责人姓名", "园长", "校长（园长）", "学校负责人", "消防安全责任人", "principal", "head"),
    "responsible_phone": ("校长电话", "负责人电话", "法人电话", "园长电话", "校长联系电话", "负责人联系电话", "责任人电话", "手机", "手机号", "principal phone", "mobile"),
    "safety_manager": ("消防安全管理人", "安全干事", "安全主任", "分管安全副校长", "安全管理人", "安全负责人", "safety officer"),
    "safety_manager_phone": ("安全管理人电话", "管理人电话", "安全干事电话", "安全负责人电话"),
    "pupils": ("学生数", "在校学生数", "在校生", "在校生数", "学生人数", "在校生人数", "学生总数", "幼儿数", "在园幼儿数", "students", "pupils", "enrollment", "enrolment"),
    "boarders": ("住校生", "寄宿生", "住校生数", "寄宿生数", "寄宿学生数", "住宿生人数", "boarders"),
    "staff": ("教职工数", "教职工", "教职工人数", "教师数", "教职员工数", "教工数", "staff", "teachers"),
    "note": ("备注", "说明", "note", "notes", "remark", "remarks"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)

LONGEST = {
    "name": 120, "name_bo": 200, "name_en": 200, "external_code": 60, "address": 300, "phone": 60, "responsible_person": 80,
    "responsible_phone": 40, "safety_manager": 80, "safety_manager_phone": 40, "note": 4000,
}  # fmt: skip
MOST_HEADS = 200_000

_YES = {
    "是",
    "有",
    "寄宿",
    "寄宿制",
    "住校",
    "全寄宿",
    "半寄宿",
    "全寄宿制",
    "半寄宿制",
    "y",
    "yes",
    "true",
    "1",
    "1.0",
    "√",
    "✓",
    "✔",
    "☑",
    "t",
}
_NO = {"否", "无", "不是", "走读", "非寄宿", "非寄宿制", "走读制", "n", "no", "false", "0", "0.0", "×", "✗", "✘", "x", "f", "-", "—", "/"}  # fmt: skip

_KINDS = (
    ("幼儿园|幼教|托儿|托幼|幼稚|kindergarten|preschool|pre-?k|nursery", "kindergarten"),
    ("十二年|k-?12", "twelve_year"),
    ("九年|k-?8", "nine_year"),
    ("完全中学|完中", "complete_secondary"),
    ("特殊教育|特教|盲|聋|启智|培智|special", "special"),
    ("培训|training", "training"),
    ("职业|中专|中等专业|技校|技工|职教|职中|职高|vocational|technical|tech", "vocational"),
    ("大学|学院|高等|专科|college|university", "college"),
    ("小学|教学点|elementary|primary", "primary"),
    ("初级中学|初中|middle|junior|intermediate", "junior"),
    ("高级中学|高中|普高|high|senior|secondary", "senior"),
)
#: Codes of 办学类型 in the education statistics.
_KIND_CODES = {
    "111": "kindergarten", "119": "kindergarten", "211": "primary", "218": "primary", "311": "junior", "312": "nine_year",
    "341": "complete_secondary", "342": "senior", "345": "twelve_year", "361": "vocational", "363": "vocational",
    "364": "vocational", "365": "vocational", "371": "vocational", "511": "special", "512": "special", "514": "special",
}  # fmt: skip
_KIND_NAMES = {
    "kindergarten", "primary", "junior", "nine_year", "senior", "complete_secondary", "twelve_year", "vocational", "special",
    "college", "training", "other",
}  # fmt: skip
_SUM = re.compile(r"(合|总|小|共)\s*计|total|subtotal", re.IGNORECASE)
_FOOT = re.compile(r"(填表|填报|制表|审核|审批|单位负责|统计负责|联系人|备注|注|说明|打印|日期)\S{0,8}[:：]")

Remark = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Setting:
    """What holds for a whole list: where unclear areas lie, which area is the brigade's, and which kind is meant."""

    book: AreaBook
    brigade_area: str
    area_code: str = ""
    kind: str = ""
    source: str = ""


@dataclass
class ReadRow:
    """A row understood: `content` holds only what the row says, by the register's names. Errors keep it out."""

    number: int
    content: dict[str, Any] = field(default_factory=dict)
    errors: list[Remark] = field(default_factory=list)
    notices: list[Remark] = field(default_factory=list)
    skipped: Remark | None = None

    @property
    def name(self) -> str:
        """The school's name, for lists of rows."""
        return str(self.content.get("name", ""))


def tidy(text: str) -> str:
    """Outer white space off, also the full-width kind; what stands inside is kept."""
    return text.strip().strip("\u3000\u00a0\ufeff").strip()


def yes_or_no(text: str) -> bool | None:
    """Whether a cell says yes or no; None when it says neither."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def heads(text: str) -> int | None:
    """A number of people as lists write it (620, 620人, 1,240, ６２０, 620.0); None when it is none."""
    plain = re.sub(r"[\s,，]|人|名|个", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\.0+$", "", plain)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 8 else None


def kind_of(text: str) -> str | None:
    """The kind of school that a text (类型 or the name itself) tells, or None."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if plain in _KIND_NAMES:
        return plain
    if plain[:3] in _KIND_CODES and not plain[3:].strip(" -—:")[:1].isdigit():
        return _KIND_CODES[plain[:3]]
    return next((kind for pattern, kind in _KINDS if re.search(pattern, plain)), None)


def is_no_school(cells: list[str], headings: tuple[str, ...], name: str) -> Remark | None:
    """Why a row of a list is no school: a sum, a line about who filled it in, the header printed again."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    if not texts:
        return ("blank", {})
    if texts == [heading for heading in headings if heading][: len(texts)] and len(texts) > 1:
        return ("header_again", {})
    if (not name or _SUM.fullmatch(name)) and any(_SUM.fullmatch(re.sub(r"[\s:：]", "", text)) for text in texts[:3]):
        return ("sum", {})
    if len(texts) <= 4 and _FOOT.match(texts[0]):
        return ("foot", {"text": texts[0][:40]})
    return None


def read_row(
    number: int, texts: Mapping[str, str], setting: Setting, *, numeric: set[str], damaged: set[str]
) -> ReadRow:
    """What a row says. `texts` are the cells by field; `numeric` and `damaged` fields were number cells in the workbook."""
    row = ReadRow(number)
    for name, text in texts.items():
        if "\x00" in text or any("\ud800" <= ch <= "\udfff" for ch in text):
            row.errors.append(("unstorable", {"field": name}))
        elif tidy(text):
            _READERS.get(name, _read_text)(row, name, tidy(text), setting)
    if "name" not in row.content and not any(remark[1].get("field") == "name" for remark in row.errors):
        row.errors.append(("no_name", {}))
    if "external_code" in row.content:
        row.content["source"] = setting.source
        _judge_code(row, numeric, damaged)
    _fill_area(row, setting)
    _fill_kind(row, setting, stated="kind" in texts)
    return row


def _read_text(row: ReadRow, name: str, text: str, _setting: Setting) -> None:
    most = LONGEST[name]
    if len(text) > most:
        row.errors.append(("too_long", {"field": name, "most": str(most), "is": str(len(text))}))
    else:
        row.content[name] = text


def _read_code(row: ReadRow, name: str, text: str, setting: Setting) -> None:
    _read_text(row, name, unicodedata.normalize("NFKC", text).strip().lstrip("'"), setting)


def _read_bool(row: ReadRow, name: str, text: str, _setting: Setting) -> None:
    said = yes_or_no(text)
    if said is None:
        row.errors.append(("yes_or_no", {"field": name, "text": text[:40]}))
    else:
        row.content[name] = said


def _read_heads(row: ReadRow, name: str, text: str, _setting: Setting) -> None:
    count = heads(text)
    if count is None or count > MOST_HEADS:
        row.errors.append(("no_number", {"field": name, "text": text[:40]}))
    else:
        row.content[name] = count


def _read_kind(row: ReadRow, name: str, text: str, _setting: Setting) -> None:
    kind = kind_of(text)
    if kind is not None:
        row.content[name] = kind
    else:
        row.notices.append(("kind_text", {"text": text[:40]}))


def _read_area(row: ReadRow, _name: str, text: str, setting: Setting) -> None:
    code = setting.book.resolve(text, near=setting.area_code or setting.brigade_area)
    if code is None:
        row.errors.append(("area_unknown", {"text": text[:40]}))
        return
    row.content["area_code"] = code
    old = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))[:6]
    if old in setting.book.by_code and old != code and setting.book.by_code[old].successor:
        row.notices.append(("area_renamed", {"old": old, "new": setting.book.full_name(code)}))


_READERS: dict[str, Callable[[ReadRow, str, str, Setting], None]] = {
    "external_code": _read_code,
    "kind": _read_kind,
    "area": _read_area,
    "is_boarding": _read_bool,
    "is_key_unit": _read_bool,
    "pupils": _read_heads,
    "boarders": _read_heads,
    "staff": _read_heads,
}


def _judge_code(row: ReadRow, numeric: set[str], damaged: set[str]) -> None:
    if "external_code" in damaged:
        row.errors.append(("code_damaged", {"text": row.content["external_code"]}))
    elif "external_code" in numeric:
        row.notices.append(("code_number", {"text": row.content["external_code"]}))


def _fill_area(row: ReadRow, setting: Setting) -> None:
    code = row.content.get("area_code")
    if code is None and not any(remark[0] == "area_unknown" for remark in row.errors):
        code = setting.area_code or setting.brigade_area
        if code:
            row.content["area_code"] = code
    if code and not code.startswith(setting.brigade_area) and not setting.brigade_area.startswith(code):
        row.errors.append(("area_outside", {"area": setting.book.full_name(code)}))


def _fill_kind(row: ReadRow, setting: Setting, *, stated: bool) -> None:
    if "kind" in row.content:
        return
    guess = kind_of(row.name)
    if guess is not None:
        row.content["kind"] = guess
        row.notices = [remark for remark in row.notices if remark[0] != "kind_text"]
        if not setting.kind:
            row.notices.append(("kind_from_name", {"kind": guess}))
    elif setting.kind:
        row.content["kind"] = setting.kind
    else:
        row.content["kind"] = "other"
        if not stated or not any(remark[0] == "kind_text" for remark in row.notices):
            row.notices.append(("kind_unknown", {}))
    row.content["kind_guessed"] = True
