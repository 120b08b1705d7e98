"""Signatures drawn on the screen are read as numbers and drawn anew."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image

from app.core.errors import DomainError
from app.fieldwork.strokes import MOST_TEXT, picture_of
from tests.factories import pictures


def test_the_picture_is_ink_on_clear_ground_cut_to_the_strokes(app: Flask) -> None:
    image = Image.open(io.BytesIO(picture_of(pictures.strokes())))
    assert (image.format, image.mode) == ("PNG", "RGBA")
    assert image.width < 640
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_the_same_strokes_give_the_same_bytes(app: Flask) -> None:
    assert picture_of(pictures.strokes()) == picture_of(pictures.strokes())


def test_nothing_but_strokes_is_taken_from_the_drawing(app: Flask) -> None:
    foul = pictures.strokes().replace("</svg>", '<image href="http://evil.example/x"/><script>alert(1)</script></svg>')
    assert picture_of(foul) == picture_of(pictures.strokes())


@pytest.mark.parametrize(
    "strokes",
    ["", "<svg></svg>", '<svg viewBox="0 0 640 200"></svg>', "x" * (MOST_TEXT + 1), pictures.strokes().replace("C", "").replace("stroke-width=\"", "stroke-width=\"a")],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_in_a_sentence(app: Flask, strokes: str) -> None:
    with pytest.raises(DomainError) as refused:
        picture_of(strokes)
    assert refused.value.message.endswith("。")
