"""Orders of former years from a brigade's own lists: what a row says, which of its dates can be trusted, which school it means."""

from __future__ import annotations

import enum
import hashlib
import re
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import OrderKind
from app.schools.rules.search import plain_text, similar_name

#: Field → headings it goes by.
HEADINGS: Mapping[str, Sequence[str]] = {
    "number": ("文书编号", "文书文号", "文号", "通知书编号", "通知书文号", "编号", "order number", "number"),
    "school": ("学校名称", "学校", "单位名称", "被检查单位", "受检单位", "单位", "school", "school name", "unit"),
    "school_code": ("学校标识码", "学校代码", "标识码", "单位代码", "school code"),
    "kind": ("文书种类", "文书名称", "文书类型", "种类", "类型", "kind", "type"),
    "issued": ("下发日期", "签发日期", "发文日期", "开具日期", "检查日期", "下达日期", "日期", "issued", "date", "issued on"),
    "items": ("存在问题", "隐患内容", "问题", "隐患", "违法行为", "检查情况", "问题描述", "items", "problem", "findings"),
    "deadline": ("整改期限", "限期", "改正期限", "整改时限", "期限", "deadline", "due"),
    "closed": ("销号日期", "整改完成日期", "完成日期", "复查日期", "整改日期", "结案日期", "closed", "closed on"),
    "result": ("整改结果", "复查结果", "整改情况", "复查情况", "结果", "是否整改", "result", "outcome"),
    "officers": ("检查人员", "监督员", "承办人", "officers", "inspector"),
    "note": ("备注", "说明", "note", "remarks"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)
DATES = ("issued", "deadline", "closed")
LONGEST = 2000
MOST_MATCHES = 5
#: Nothing in such a list is older, and no deadline is further off.
OLDEST, FURTHEST = date(1990, 1, 1), timedelta(days=5 * 366)


class Flag(enum.StrEnum):
    """Why a date that somebody typed is not taken as a date."""

    DOTTED = "dotted"
    SERIAL = "serial"
    WORDS = "words"
    TWO_DIGITS = "two_digits"
    INCOMPLETE = "incomplete"
    IMPOSSIBLE = "impossible"
    LUNAR = "lunar"
    UNREADABLE = "unreadable"
    FUTURE = "future"
    OUT_OF_RANGE = "out_of_range"
    BEFORE_ISSUED = "before_issued"


#: The day can be read from these, but a person says so first; none of the others is ever read.
READABLE = frozenset({Flag.DOTTED, Flag.SERIAL, Flag.WORDS})


@dataclass(frozen=True, slots=True)
class Day:
    """A date as it was typed: the day it surely means, or the day it seems to mean and why that is not sure."""

    text: str = ""
    day: date | None = None
    flag: Flag | None = None

    @property
    def clean(self) -> date | None:
        """The day, where nothing is doubtful about it."""
        return None if self.flag else self.day


_CLEAN = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)(?: 00:00:00)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{4})\s*[.。．、,，\s]\s*(\d{1,2})\s*[.。．、,，\s]\s*(\d{1,2})\s*日?")
_IN_WORDS = re.compile(r"\D*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\D+)?|(\d{4})年(\d{1,2})月(\d{1,2})")
_TWO_DIGITS = re.compile(r"\D*\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?:\D.*)?")
_INCOMPLETE = re.compile(r"\D*(?:(?:19|20)\d{2}(?:[-/.年]\d{0,2}月?)?|\d{1,2}[-/.月]\d{1,2}日?)\D*")
_LUNAR = re.compile(r"农历|阴历|藏历|初[一二三四五六七八九十]|正月|腊月|冬月|廿")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIRST_SERIAL = date(1899, 12, 30)


def read_day(text: str, *, today: date, ahead: bool = False) -> Day:
    """What a cell says of a day. `ahead`: days to come are possible (a deadline). Nothing is mended: what is doubtful is said."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return Day()
    day, flag = _read(typed)
    if day is not None and flag is None:
        flag = _out_of_range(day, today, ahead)
    return Day(text.strip(), day, flag)


def _out_of_range(day: date, today: date, ahead: bool) -> Flag | None:
    if not OLDEST <= day <= today + FURTHEST:
        return Flag.OUT_OF_RANGE
    return Flag.FUTURE if day > today and not ahead else None


def _read(typed: str) -> tuple[date | None, Flag | None]:
    if _LUNAR.search(typed):
        return None, Flag.LUNAR
    if match := _CLEAN.fullmatch(typed) or _COMPACT.fullmatch(typed):
        return _day(match, None)
    if match := _DOTTED.fullmatch(typed):
        return _day(match, Flag.DOTTED)
    if _SERIAL.fullmatch(typed):
        return _FIRST_SERIAL + timedelta(days=int(float(typed))), Flag.SERIAL
    if match := _IN_WORDS.fullmatch(typed):
        return _day(match, Flag.WORDS)
    if _TWO_DIGITS.fullmatch(typed):
        return None, Flag.TWO_DIGITS
    return None, Flag.INCOMPLETE if _INCOMPLETE.fullmatch(typed) else Flag.UNREADABLE


def _day(match: re.Match[str], flag: Flag | None) -> tuple[date | None, Flag | None]:
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day), flag
    except ValueError:
        return None, Flag.IMPOSSIBLE


@dataclass
class ReadRow:
    """A row of the list: its typed texts, its days, and the words that say what is wrong with it."""

    number: int
    texts: dict[str, str]
    source: dict[str, str]
    days: dict[str, Day]
    kind: OrderKind = OrderKind.LIMITED
    state: OrderState = OrderState.SERVED
    flags: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same for the same row of the same list, whoever sends it again: what was ordered whom on which day."""
        said = "\x1f".join(
            plain_text(self.texts.get(name, "")) for name in ("number", "school", "school_code", "issued", "items")
        )
        number = re.sub(r"\s+", "", self.texts.get("number", ""))[:60]
        return f"{number}|{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


_NOT_DONE = re.compile(r"未|没有|不合格|部分|逾期|否|正在|整改中|^no$")
_DONE = re.compile(r"已整改|已改正|整改完毕|整改完成|完成|合格|销号|消除|结案|^是$|^yes$|closed|done")


def read_row(number: int, texts: Mapping[str, str], source: Mapping[str, str], *, today: date) -> ReadRow:
    """Judge one row by itself. Texts stay as they were typed; what is doubtful becomes a flag, never another date."""
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    days = {name: read_day(said.get(name, ""), today=today, ahead=name == "deadline") for name in DATES}
    row = ReadRow(number, said, dict(source), _compared(days))
    row.flags = [f"{name}:{day.flag}" for name, day in row.days.items() if day.flag]
    if "school" not in said and "school_code" not in said:
        row.errors.append("no_school")
    if "number" not in said and "items" not in said:
        row.errors.append("says_nothing")
    if any(len(text) > LONGEST for text in said.values()):
        row.errors.append("too_long")
    if "number" not in said:
        row.flags.append("number:missing")
    _judge_kind(row)
    _judge_state(row)
    return row


def _compared(days: Mapping[str, Day]) -> dict[str, Day]:
    """What was struck off, or due, before the order was written cannot be: that day is doubtful too."""
    issued, found = days["issued"], dict(days)
    for name in ("deadline", "closed"):
        one = days[name]
        if issued.clean and one.clean and one.clean < issued.clean:
            found[name] = Day(one.text, one.day, Flag.BEFORE_ISSUED)
    return found


def _judge_kind(row: ReadRow) -> None:
    said = row.texts.get("kind", "") + row.texts.get("number", "")
    if "立即" in said or "消即" in said:
        row.kind = OrderKind.IMMEDIATE
    elif "限" not in said:
        row.flags.append("kind:assumed")


def _judge_state(row: ReadRow) -> None:
    result = plain_text(row.texts.get("result", ""))
    if _NOT_DONE.search(result):
        row.flags += ["result:contradicts"] if "closed" in row.texts else []
    elif "closed" in row.texts or _DONE.search(result):
        row.state = OrderState.CLOSED
    elif result:
        row.flags.append("result:unclear")
    if row.state is not OrderState.CLOSED and "deadline" not in row.texts:
        row.flags.append("deadline:missing")


@dataclass(frozen=True)
class KnownSchool:
    """A school of the register as far as matching needs it."""

    id: uuid.UUID
    name: str
    code: str


class Register:
    """The brigade's schools and the keys of the orders that were taken over before."""

    def __init__(self, schools: Iterable[KnownSchool], *, keys: Collection[str] = ()) -> None:
        self.keys = frozenset(keys)
        self._schools = list(schools)
        self._by_code = {school.code: school.id for school in self._schools if school.code}
        self._by_name: dict[str, list[uuid.UUID]] = {}
        self._similar: dict[str, list[uuid.UUID]] = {}
        for school in self._schools:
            self._by_name.setdefault(plain_text(school.name), []).append(school.id)
            self._similar.setdefault(similar_name(school.name), []).append(school.id)
        self.likely = lru_cache(maxsize=None)(self._likely)

    def surely(self, row: ReadRow) -> uuid.UUID | None:
        """The school with this code, or the only one with this very name."""
        code = row.texts.get("school_code", "")
        if code:
            return self._by_code.get(code)
        named = self._by_name.get(plain_text(row.texts.get("school", "")), [])
        return named[0] if len(named) == 1 else None

    def _likely(self, name: str) -> tuple[uuid.UUID, ...]:
        """Schools with such a name, a similar one, or one that holds the other, a few."""
        plain = plain_text(name)
        if not plain:
            return ()
        found = [*self._by_name.get(plain, ()), *self._similar.get(similar_name(name), ())]
        if len(plain) > 2:
            known = ((one.id, plain_text(one.name)) for one in self._schools)
            found += [one for one, other in known if plain in other or (len(other) > 3 and other in plain)]
        return tuple(dict.fromkeys(found))[:MOST_MATCHES]


@dataclass(frozen=True)
class Found:
    """What checking says of a row: new, likely, unchanged (taken over before), duplicate (twice in the list), error."""

    row: ReadRow
    verdict: str
    school_id: uuid.UUID | None = None
    matches: tuple[uuid.UUID, ...] = ()
    remarks: tuple[str, ...] = ()


def judge(rows: Iterable[ReadRow], register: Register) -> list[Found]:
    """Hold each row against the register and the rows before it."""
    seen: set[str] = set()
    found = []
    for row in rows:
        found.append(_judge(row, register, seen))
        seen.add(row.key)
    return found


def _judge(row: ReadRow, register: Register, seen: set[str]) -> Found:
    if row.errors:
        return Found(row, "error", remarks=tuple(row.errors))
    if row.key in register.keys:
        return Found(row, "unchanged", remarks=("known",))
    if row.key in seen:
        return Found(row, "duplicate", remarks=("twice",))
    school = register.surely(row)
    if school is not None:
        return Found(row, "new", school)
    matches = register.likely(row.texts.get("school", ""))
    return Found(row, "likely", matches=matches) if matches else Found(row, "error", remarks=("unknown_school",))
