"""The kinds of settings there are: what each may hold, and the sentence for what it may not."""

from __future__ import annotations

import re
import string
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True, kw_only=True)
class Setting(ABC):
    """One setting as the page shows it; `hint` says why, or by which clause."""

    group: str
    label: Any
    hint: Any
    mark: Any
    default: Any
    name: str = ""

    def tidied(self, value: Any) -> Any:
        """The value as it is stored."""
        return value

    @abstractmethod
    def problem(self, value: Any) -> Any | None:
        """Why a value cannot be, as a sentence; None when it can."""

    def shown(self, value: Any) -> Any:
        """The value in words."""
        return value


@dataclass(frozen=True, kw_only=True)
class YesNo(Setting):
    """A yes or no."""

    def tidied(self, value: Any) -> Any:
        return bool(value)

    def problem(self, value: Any) -> Any | None:
        return None if isinstance(value, bool) else _l("请选择是或否。")

    def shown(self, value: Any) -> Any:
        return _l("是") if value else _l("否")


@dataclass(frozen=True, kw_only=True)
class WholeNumber(Setting):
    """A whole number within bounds, with its unit."""

    lowest: int
    highest: int
    unit: Any = ""

    def problem(self, value: Any) -> Any | None:
        fits = isinstance(value, int) and not isinstance(value, bool) and self.lowest <= value <= self.highest
        return (
            None if fits else _l("请输入%(lowest)d到%(highest)d之间的整数。", lowest=self.lowest, highest=self.highest)
        )

    def shown(self, value: Any) -> Any:
        return _l("%(number)s %(unit)s", number=value, unit=self.unit)


@dataclass(frozen=True, kw_only=True)
class OneOf(Setting):
    """One of a few words."""

    options: Mapping[str, Any] = field(default_factory=dict)

    def problem(self, value: Any) -> Any | None:
        return None if value in self.options else _l("请从选项中选择。")

    def shown(self, value: Any) -> Any:
        return self.options[value]


_BETWEEN_DAYS = re.compile(r"[,，、;；\s]+")


def days_of(text: str) -> tuple[int, ...]:
    """The days of a stored list, as typed: "7,3,1,0" → (7, 3, 1, 0)."""
    return tuple(int(part) for part in text.split(",") if part)


@dataclass(frozen=True, kw_only=True)
class DayList(Setting):
    """Several numbers of days, kept as text with commas; empty means none."""

    highest: int

    def tidied(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or ""))
        return ",".join(dict.fromkeys(part for part in _BETWEEN_DAYS.split(text) if part))

    def problem(self, value: Any) -> Any | None:
        parts = value.split(",") if isinstance(value, str) and value else []
        good = isinstance(value, str) and all(
            re.fullmatch(r"[0-9]{1,3}", part) and int(part) <= self.highest for part in parts
        )
        return None if good else _l("请输入用逗号分开的天数，每个不超过%(highest)d。", highest=self.highest)

    def shown(self, value: Any) -> Any:
        return value


_PLACES = {"code_word": re.compile(""), "year": re.compile(""), "serial": re.compile(r"(0?[1-9]d)?")}


@dataclass(frozen=True, kw_only=True)
class NumberPattern(Setting):
    """How a kind of paper is numbered: {code_word}, {year} and {serial:04d}; the last two must stand in it once each."""

    most: int = 60

    def tidied(self, value: Any) -> Any:
        return str(value or "").strip()

    def problem(self, value: Any) -> Any | None:
        if not isinstance(value, str) or len(value) > self.most:
            return _l("编号格式最多%(most)d个字符。", most=self.most)
        try:
            places = [
                (name, spec or "", change)
                for _text, name, spec, change in string.Formatter().parse(value)
                if name is not None
            ]
        except ValueError:
            places = []
        known = all(n in _PLACES and c is None and _PLACES[n].fullmatch(s) for n, s, c in places)
        names = [name for name, _spec, _change in places]
        if not known or names.count("year") != 1 or names.count("serial") != 1:
            return _l("编号格式须含一个{year}和一个{serial:04d}，可含{code_word}，不能有别的花括号。")
        return None
