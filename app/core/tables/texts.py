"""Text files into a sheet: which characters, which separator, which quotes."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter

import charset_normalizer
from flask_babel import gettext as _

from app.core.tables.reading import MOST_CELL, Sheet, UnreadableTable, rows_of

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",\t;|"
#: What a person may choose where the text looks wrong.
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5hkscs", "cp1252")


def read_text(data: bytes, *, encoding: str = "") -> Sheet:
    """The sheet that a CSV (or tab-separated) file is. Raises UnreadableTable saying the row."""
    text, used = decode(data, encoding=encoding)
    return Sheet("", rows_of(_records(text)), encoding=used)


def decode(data: bytes, *, encoding: str = "") -> tuple[str, str]:
    """Text and the encoding it was read with: by mark, then UTF-8, UTF-16, GB18030, then what looks most like language."""
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if marked or encoding:
        name = encoding if encoding in ENCODINGS else marked
        return _checked(_decoded(data, name or "utf-8")).lstrip("\ufeff"), name
    if data.count(0) > len(data) // 50:
        name = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        return _checked(_decoded(data, name)), name
    try:
        return _checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError as problem:
        broken_at = problem.start
    chinese = _as_gb18030(data)
    if chinese is not None:
        return _checked(chinese), "gb18030"
    if len(data) - broken_at < 4 or _is_mostly_utf8(data):
        raise UnreadableTable(_not_text(data, broken_at))
    guess = charset_normalizer.from_bytes(data, cp_exclusion=["utf_7"]).best()
    if guess is None or guess.encoding.startswith(("utf_16", "utf_32")):
        raise UnreadableTable(_not_text(data, broken_at))
    return _checked(str(guess)), guess.encoding


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", errors="replace")
    beyond = sum(ch > "\x7f" for ch in text)
    return text.count("\ufffd") * 5 < beyond


def _not_text(data: bytes, offset: int) -> str:
    row = data.count(b"\n", 0, offset) + 1
    return str(_("第 %(row)s 行有不能识别的字节，文件可能已损坏，或不是文本表格。请重新导出后再试。", row=row))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        raise UnreadableTable(_not_text(data, problem.start)) from problem


def _as_gb18030(data: bytes) -> str | None:
    """The text when it reads as Chinese: the double bytes of other encodings fall outside GB 2312 for the most part."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    beyond = {ch: count for ch, count in Counter(text).items() if ch > "\x7f"}
    common = sum(n for ch, n in beyond.items() if len(code := ch.encode("gb18030")) == 2 and min(code) >= 0xA1)
    return text if common >= 0.8 * sum(beyond.values()) else None


def _checked(text: str) -> str:
    """Refuse what is no text at all: random bytes decode in many ways, but leave control and unassigned characters."""
    strange = sum(
        count
        for ch, count in Counter(text).items()
        if unicodedata.category(ch) in ("Cc", "Cn", "Cs") and ch not in "\r\n\t\x0b\x0c\x85"
    )
    if strange > max(20, len(text) // 50):
        raise UnreadableTable(_("文件内容不是文字，无法作为表格读取。请导入 CSV、XLSX 或 XLS 文件。"))
    return text


def _separator(text: str) -> str:
    """The sign that splits the first records into the same number of cells most often."""
    best, score = ",", 0.0
    for sign in _SEPARATORS:
        reader = csv.reader(io.StringIO(text[:65536], newline=""), delimiter=sign)
        widths = []
        try:
            for record in reader:
                widths.append(len(record))
                if len(widths) >= 60:
                    break
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        if not wide:
            continue
        usual = max(set(wide), key=wide.count)
        this = wide.count(usual) / len(widths) * min(usual, 20)
        if this > score:
            best, score = sign, this
    return best


def _records(text: str) -> list[list[str]]:
    separator = _separator(text)
    csv.field_size_limit(4 * MOST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append(record)
    except csv.Error as problem:
        row, said = len(records) + 1, str(problem)
        if "unexpected end" in said:
            raise UnreadableTable(_("第 %(row)s 行的引号没有结束，文件可能不完整。", row=row)) from problem
        if "larger than" in said:
            raise UnreadableTable(
                _("第 %(row)s 行有超过 %(most)s 字的单元格，可能是引号没有结束。", row=row, most=4 * MOST_CELL)
            ) from problem
        raise UnreadableTable(_("第 %(row)s 行的引号用法不对，无法分清各列。", row=row)) from problem
    return records
