"""Which row of a sheet is the header, what each column is, and the rows below it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.core.errors import DomainError
from app.core.tables.reading import Row, Sheet, UnreadableTable, read_sheets

#: The field of a column that is known and not wanted (a running number).
IGNORED = "-"
_LOOK_AT = 40
_RUNNING = ("序号", "编号序", "行号", "no", "no.", "s/n", "#", "index", "row", "་ཨང་")

Known = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Table:
    """A list with its header. `headings` has one text per column; `header_row` is the row number in the file."""

    sheet: str
    rows: list[Row]
    header_row: int
    headings: tuple[str, ...]
    problems: list[str] = field(default_factory=list)
    encoding: str = ""
    sheets: tuple[str, ...] = ()

    def cell(self, row: Row, column: int) -> str:
        """The cell's text, empty where the row is shorter than the header."""
        return row.cells[column] if column < len(row.cells) else ""

    def samples(self, column: int, *, most: int = 3) -> list[str]:
        """The first few different values of a column, to show beside its heading."""
        seen: dict[str, None] = {}
        for row in self.rows:
            text = self.cell(row, column).strip()
            if text:
                seen.setdefault(text[:60])
            if len(seen) == most:
                break
        return list(seen)


def normalise_heading(text: str) -> str:
    """A heading without what differs from list to list: width, case, white space, brackets, stars, colons."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[(\[【〔][^)\]】〕]*[)\]】〕]", "", text)
    return re.sub(r"[\s:*_/\\、.，,。；;?？!-]+", "", text)


def fingerprint(headings: Sequence[str]) -> str:
    """The same for lists with the same columns in the same order, to remember how they were mapped."""
    text = "\x1f".join(normalise_heading(heading) for heading in headings)
    return hashlib.sha256(text.encode()).hexdigest()


def _lookup(known: Known) -> dict[str, str]:
    found = {normalise_heading(word): IGNORED for word in _RUNNING}
    for name, words in known.items():
        found.update({normalise_heading(word): name for word in (name, *words)})
    found.pop("", None)
    return found


def _field_of(heading: str, lookup: Mapping[str, str]) -> str | None:
    """The field that a heading names, exactly or by the longest word it holds."""
    text = normalise_heading(heading)
    if not text or len(text) > 40:
        return None
    if text in lookup:
        return lookup[text]
    held = [
        word
        for word in lookup
        if len(word) > 1 and not word.isascii() and (text.startswith(word) or text.endswith(word))
    ]
    return lookup[max(held, key=len)] if held else None


def guess_mapping(headings: Sequence[str], known: Known) -> dict[int, str]:
    """Column → field as far as headings tell; of two columns for one field the exact, then the first, has it."""
    lookup, mapping = _lookup(known), {}
    taken: set[str] = set()
    exact_first = sorted(range(len(headings)), key=lambda c: (normalise_heading(headings[c]) not in lookup, c))
    for column in exact_first:
        name = _field_of(headings[column], lookup)
        if name is None or name in taken:
            continue
        mapping[column] = name
        if name != IGNORED:
            taken.add(name)
    return dict(sorted(mapping.items()))


def mapping_from_options(headings: Sequence[str], options: Sequence[str], fields: Sequence[str]) -> dict[int, str]:
    """`COLUMN=FIELD` options of a command: COLUMN is a heading or a column's number from 1. Raises DomainError."""
    by_heading = {normalise_heading(heading): column for column, heading in reversed(list(enumerate(headings)))}
    mapping: dict[int, str] = {}
    for option in options:
        column_text, sign, name = option.rpartition("=")
        column = by_heading.get(normalise_heading(column_text))
        if column is None and column_text.strip().isdigit() and 1 <= int(column_text) <= len(headings):
            column = int(column_text) - 1
        if not sign or column is None:
            raise DomainError(f"no column {column_text or option!r}; there are: {', '.join(h for h in headings if h)}")
        if name not in (*fields, IGNORED):
            raise DomainError(f"no field {name!r}; there are: {', '.join(fields)} and {IGNORED} to leave a column out")
        mapping[column] = name
    return mapping


def _filled(sheet: Sheet, rows: Sequence[Row], count: int) -> list[list[str]]:
    """The first rows as a grid in which merged cells carry their text everywhere, except titles across the sheet."""
    width = max((len(row.cells) for row in rows), default=0)
    grid = {row.number: [*row.cells, *[""] * (width - len(row.cells))] for row in rows[:count]}
    for top, left, bottom, right in sheet.merged:
        text = grid[top + 1][left] if top + 1 in grid and left < width else ""
        if not text or right - left + 1 > max(3, width * 0.6):
            continue
        for number in range(top + 1, bottom + 2):
            if number in grid:
                grid[number][left : min(right + 1, width)] = [text] * (min(right + 1, width) - left)
    return [grid[row.number] for row in rows[:count]]


def _merge_texts(upper: str, lower: str) -> str:
    return upper if not lower.strip() or lower == upper else f"{upper.strip()} {lower.strip()}".strip()


def _is_second_line(upper: Sequence[str], lower: Sequence[str], raw: Sequence[str], known_columns: set[int]) -> bool:
    """A second line of headings is empty below the headings that are known, and holds no figures."""
    texts = [text.strip() for text in raw if text.strip()]
    below = [c for c in known_columns if c < len(lower) and lower[c].strip() and lower[c] != upper[c]]
    plain = all(len(text) <= 12 and not any(ch.isdigit() for ch in text) for text in texts)
    return bool(texts) and not below and plain


@dataclass(frozen=True)
class Header:
    """Where the header of a sheet stands (indexes into its rows) and how many of its headings are known."""

    first: int
    last: int
    headings: tuple[str, ...]
    score: int


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """One heading a column from two lines; a group's heading stands before each of its parts."""
    headings, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above if above.strip() or not below.strip() else group
        headings.append(_merge_texts(group if below.strip() else above, below))
    return headings


def find_header(sheet: Sheet, known: Known) -> Header | None:
    """The row (or two) with most known headings among the first; without any known, the first row that looks like one."""
    lookup = _lookup(known)
    rows, grid = sheet.rows[: _LOOK_AT + 1], _filled(sheet, sheet.rows, _LOOK_AT + 1)

    def header(first: int, last: int, headings: Sequence[str]) -> Header:
        score = len({_field_of(text, lookup) for text in headings} - {None})
        return Header(first, last, tuple(text.strip() for text in headings), score)

    found = [header(index, index, grid[index]) for index in range(len(grid))]
    for index in range(len(grid) - 1):
        columns = {c for c, text in enumerate(rows[index].cells) if _field_of(text, lookup)}
        several = len({text for text in grid[index] if text.strip()}) > 1  # a title stands alone
        if columns and several and _is_second_line(grid[index], grid[index + 1], rows[index + 1].cells, columns):
            found.append(header(index, index + 1, _joined(grid[index], grid[index + 1])))
    best = max(found, key=lambda one: (one.score, -one.last, -one.first), default=None)
    if best is None or best.score > 0:
        return best
    wide = _first_wide(grid)
    return None if wide is None else found[wide]


def _first_wide(grid: Sequence[Sequence[str]]) -> int | None:
    counts = [len([text for text in row if text.strip()]) for row in grid]
    widest = max(counts, default=0)
    return next((i for i, count in enumerate(counts) if widest and count >= max(1, widest * 0.6)), None)


def read_table(data: bytes, name: str, *, known: Known, sheet: str = "", encoding: str = "") -> Table:
    """The list in a file: of its sheets the one named, else the one whose header is best known.

    `known` maps a field to the headings it goes by. Rows are those below the header, blank ones left out. Raises
    UnreadableTable with a sentence that says what is wrong and where.
    """
    sheets = [one for one in read_sheets(data, encoding=encoding) if one.rows]
    chosen = [one for one in sheets if one.name == sheet] or sheets
    headed = [(one, header) for one in chosen if (header := find_header(one, known)) is not None]
    if not headed:
        raise UnreadableTable(_("“%(name)s”里没有找到表头。", name=name))
    best, header = max(headed, key=lambda pair: (pair[1].score, len(pair[0].rows)))
    rows = best.rows[header.last + 1 :]
    if not rows and header.score <= 0:
        raise UnreadableTable(
            _("“%(name)s”不像一份名单：没有认得出的列名，也没有数据行。请导入 CSV、XLSX 或 XLS 文件。", name=name)
        )
    if not rows:
        raise UnreadableTable(_("表头在第 %(row)s 行，下面没有任何数据。", row=best.rows[header.first].number))
    width = max(len(header.headings), *(len(row.cells) for row in rows))
    headings = header.headings + ("",) * (width - len(header.headings))
    return Table(
        sheet=best.name,
        rows=rows,
        header_row=best.rows[header.first].number,
        headings=headings,
        problems=list(best.problems),
        encoding=best.encoding,
        sheets=tuple(one.name for one in sheets),
    )
