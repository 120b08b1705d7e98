"""Text as it can be printed."""

from __future__ import annotations

import pytest

from app.documents.script import printable, tibetan_runs

EVERYTHING = range(0x110000)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("e\u0301cole", "école"),
        ("灭火\u200b器\ufeff", "灭火器"),
        ("\u202eabc\u202c", "abc"),
        ("a\x00b\x07c\x1b", "abc"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("❤\ufe0f", "❤"),
        ("བཀྲ་ཤིས", "བཀྲ་ཤིས"),
    ],
)
def test_what_is_written_is_printed_so(written: str, printed: str) -> None:
    assert printable(written, EVERYTHING).text == printed


def test_what_no_face_has_is_shown_by_its_number() -> None:
    found = printable("校\U0003fffd防\ue123校\U0003fffd", [ord(char) for char in "校防"])
    assert found.text == "校⟦U+3FFFD⟧防⟦U+E123⟧校⟦U+3FFFD⟧"
    assert found.substituted == ("\ue123", "\U0003fffd")


def test_a_strange_space_becomes_a_space_without_a_warning() -> None:
    assert printable("a\u3000b\u2007c", [97, 98, 99, 0x3000]) == printable("a\u3000b c", [32, 97, 98, 99, 0x3000])


def test_tibetan_is_marked_and_everything_is_escaped() -> None:
    marked = tibetan_runs("<b>拉萨 ལྷ་ས། ས་གནས & 中学")
    assert marked == '&lt;b&gt;拉萨 <span lang="bo">ལྷ་ས། ས་གནས</span> &amp; 中学'
