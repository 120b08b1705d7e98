"""Flush right edges for Chinese: WeasyPrint stretches spaces only, so its two private functions are extended."""

from __future__ import annotations

import re
from typing import Any

# Ideographs, kana, full-width forms and Chinese punctuation: a line may be stretched after each of them.
_WIDE = "\u2014\u2018-\u201d\u2026\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SPACE = re.compile("[ \u00a0]")
_WIDE_RUN = re.compile(f"[{_WIDE}]+")


def gaps(text: str) -> float:
    """How many gaps of a line this text can stretch.

    Pango puts half of a letter's space on each side and drops the half at either end of a text.
    """
    wide = _WIDE_RUN.findall(text)
    ends = sum(1 for edge in (text[:1], text[-1:]) if edge and _WIDE_RUN.match(edge))
    return len(_SPACE.findall(text)) + sum(map(len, wide)) - ends / 2


def install() -> None:
    """Extend WeasyPrint in this process, once."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import inline
    from weasyprint.text import line_break
    from weasyprint.text.ffi import TO_UNITS, ffi, pango

    if getattr(line_break.Layout.set_text, "stretches_chinese", False):
        return
    set_text = line_break.Layout.set_text

    def count(box: Any) -> float:
        if isinstance(box, boxes.TextBox):
            return gaps(box.text)
        if isinstance(box, boxes.LineBox | boxes.InlineBox):
            return sum(count(child) for child in box.children)
        return 0

    def stretch(layout: Any) -> None:
        attributes = pango.pango_layout_get_attributes(layout.layout)
        if attributes == ffi.NULL:
            attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
        own = layout.style["letter_spacing"]
        spacing = layout.justification_spacing + (0 if own == "normal" else own)
        for run in _WIDE_RUN.finditer(layout.text):
            attribute = pango.pango_attr_letter_spacing_new(int(spacing * TO_UNITS))
            attribute.start_index = len(layout.text[: run.start()].encode())
            attribute.end_index = attribute.start_index + len(run.group().encode())
            pango.pango_attr_list_change(attributes, attribute)
        pango.pango_layout_set_attributes(layout.layout, attributes)

    def set_text_stretched(self: Any, text: str, justify: bool = False) -> None:
        set_text(self, text, justify)
        if justify and self.justification_spacing:
            stretch(self)

    set_text_stretched.stretches_chinese = True  # type: ignore[attr-defined]
    inline.count_expandable_spaces = count
    line_break.Layout.set_text = set_text_stretched
