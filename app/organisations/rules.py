"""Areas of GB/T 2260 as plain facts: reading codes and names as lists write them, old ones too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

#: Entries of the code table that only group others and are left out where an area is named in full.
_GROUPING = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


@dataclass(frozen=True)
class AreaFact:
    """One area: its code (2, 4 or 6 digits), name, and the code that took its place, if any."""

    code: str
    name: str
    successor: str | None = None
    name_en: str = ""

    @property
    def is_zone(self) -> bool:
        """A development zone that only statistics count as a county (codes ending in 71 to 79)."""
        return len(self.code) == 6 and "71" <= self.code[4:] <= "79"


def plain_code(text: str) -> str | None:
    """The 2, 4 or 6 digits of a code written with 6, 9 or 12 (540102, 540100, 540102003000), or None."""
    digits = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (2, 4, 6, 9, 12):
        return None
    code = digits[:6]
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def parent_of(code: str) -> str | None:
    """The code of the area that holds this one."""
    return code[:-2] if len(code) > 2 else None


def _base(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "市区县旗盟" else name


class AreaBook:
    """All areas in memory, for lists that name thousands of them."""

    def __init__(self, areas: Iterable[AreaFact]) -> None:
        self.by_code: Mapping[str, AreaFact] = {area.code: area for area in areas}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for area in self.by_code.values():
            for name in {area.name, _base(area.name)}:
                found.setdefault(name, []).append(area.code)
        return found

    def current(self, code: str) -> str | None:
        """The code in force for a code of any time; None when it was never one."""
        seen: set[str] = set()
        while code in self.by_code and code not in seen:
            seen.add(code)
            successor = self.by_code[code].successor
            if successor is None:
                return code
            code = successor
        return None

    def full_name(self, code: str) -> str:
        """西藏自治区拉萨市城关区."""
        codes = [code[:n] for n in (2, 4, 6) if n <= len(code)]
        names = [self.by_code[c].name for c in codes if c in self.by_code]
        return "".join(name for name in names[:-1] if name not in _GROUPING) + "".join(names[-1:])

    def resolve(self, text: str, *, near: str = "") -> str | None:
        """The code in force for a code or name as lists write it, or None when unknown or not clear.

        A name that several areas bear means the one nearest to `near`, the code of whoever reads the list.
        """
        code = plain_code(text)
        if code is not None:
            return self.current(code) or (self.current(code[:4]) if len(code) == 6 else None)
        name = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        return self._nearest(self._named(name), near) if name else None

    def _named(self, name: str) -> set[str]:
        """Areas that the text can mean: by its whole, or by its end when what stands before names what holds them."""
        whole = {current for code in self._by_name.get(name, ()) if (current := self.current(code))}
        if whole:
            return whole
        for start in range(1, len(name) - 1):
            before, end = name[:start], name[start:]
            held = {
                current
                for code in self._by_name.get(end, ())
                if (current := self.current(code)) and self._holds(before, code, current)
            }
            if held:
                return held
        return set()

    def _holds(self, before: str, *codes: str) -> bool:
        above = {
            self.by_code[code[:n]].name for code in codes for n in (2, 4) if n < len(code) and code[:n] in self.by_code
        }
        return any(before.endswith((name, _base(name))) for name in above)

    @staticmethod
    def _nearest(codes: set[str], near: str) -> str | None:
        for length in (6, 4, 2, 0):
            if length > len(near):
                continue
            close = {code for code in codes if code.startswith(near[:length])}
            deepest = {code for code in close if len(code) == max(len(c) for c in close)}
            if close:
                return deepest.pop() if len(deepest) == 1 else None
        return None
