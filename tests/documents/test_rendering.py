"""HTML in, PDF out: nothing missing, nothing fetched, the same bytes again."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from markupsafe import escape

from app.documents import rendering
from app.documents.drawing import sample_photo
from app.documents.rendering import Attachment, Rendered, RenderingError
from app.documents.script import printable
from tests.documents.conftest import text_by_mupdf, text_by_poppler

MADE = datetime(2026, 11, 18, 3, 30, tzinfo=UTC)
# Points of Hebrew and Arabic join their letter in one glyph: seen right, not always taken out right.
SEMITIC = re.compile("[\u0590-\u06ff\ufb00-\ufeff]")
NAUGHTY = json.loads((Path(__file__).parent.parent / "data" / "blns.json").read_text(encoding="utf-8"))
STYLE = 'body{font-family:"XF Fang"}p{text-align:justify;text-indent:2em}[lang=bo]{font-family:"XF Tibetan"}'
TEXT = (
    "根据《中华人民共和国消防法》第五十三条的规定，我单位于2026年11月18日对你单位（示范区第一小学）进行消防监督检查，"
    "发现灭火器压力 0.8 MPa，低于绿区；楼梯间净宽 1.05 m。检查人：浕琫揳、㧟㛃。"
)


def page(body: str) -> str:
    return f'<html lang="zh-CN"><head><title>文书</title><style>{STYLE}</style></head><body>{body}</body></html>'


def make(body: str, **more: object) -> Rendered:
    return rendering.render(page(body), made=MADE, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("faces")
class TestRendering:
    def test_text_comes_out_as_it_went_in(self, tmp_path: Path) -> None:
        pdf = make(f"<p>{TEXT * 3}</p>").pdf
        expected = "".join(TEXT.split()) * 3
        assert text_by_mupdf(pdf) == expected
        assert text_by_poppler(pdf, tmp_path) == expected

    def test_every_face_prints_the_same_in_two_readers(self) -> None:
        roles = ("XF Fang", "XF Song", "XF Title", "XF Hei", "XF Kai")
        pdf = make("".join(f"<p style=\"font-family:'{role}';font-size:20pt\">消防安全检查</p>" for role in roles)).pdf
        with pymupdf.open(stream=pdf, filetype="pdf") as document:
            seen = document[0].get_pixmap(colorspace="gray")
            for block in document[0].get_text("blocks"):
                dark = sum(1 for x in range(int(block[0]), int(block[2])) for y in range(int(block[1]), int(block[3]))
                           if seen.pixel(x, y)[0] < 128)  # fmt: skip
                assert dark > 200, block[4]

    def test_tibetan_stacks_are_taken_out_whole(self) -> None:
        assert "བཀྲ་ཤིས་བདེ་ལེགས" in text_by_mupdf(make('<p lang="bo">བཀྲ་ཤིས་བདེ་ལེགས།</p>').pdf)

    def test_a_character_without_glyph_stands_as_its_number(self) -> None:
        made = make("<p>校\U0003fffd防</p>")
        assert made.substituted == ("\U0003fffd",)
        assert "校⟦U+3FFFD⟧防" in text_by_mupdf(made.pdf)

    def test_naughty_strings_block_nothing_and_lose_nothing(self) -> None:
        texts = [text for text in NAUGHTY if text.strip()]
        style = "@page{size:2000mm 200mm}p{break-after:page;margin:0}"
        body = "".join(f"<p>{escape(text)}</p>" for text in texts)
        made = rendering.render(page(f"<style>{style}</style>{body}"), made=MADE)
        covered = rendering.fonts.covered(rendering.configuration())
        with pymupdf.open(stream=made.pdf, filetype="pdf") as document:
            assert len(document) == len(texts)
            for text, sheet in zip(texts, document, strict=True):
                given, taken = _signs(printable(text, covered).text), _signs(sheet.get_text())
                if not SEMITIC.search(text):
                    assert given - taken == Counter(), text
                if not any(unicodedata.category(sign) == "Mn" for sign in text):
                    assert taken - given == Counter(), text

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        photo = {"a": sample_photo(1)}
        body = f'<p>{TEXT}</p><img src="asset:a" alt="照片">'
        attached = Attachment("data.json", "数据", b'{"a":1}')
        assert make(body, assets=photo, attachment=attached).pdf == make(body, assets=photo, attachment=attached).pdf

    def test_the_data_travels_inside_and_the_claims_are_there(self) -> None:
        pdf = make(f"<h1>文书</h1><p>{TEXT}</p>", attachment=Attachment("data.json", "数据", b'{"a":1}')).pdf
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert document.attachments["data.json"].get_file().read_bytes() == b'{"a":1}'
            metadata = document.Root.Metadata.read_bytes()
            assert b'pdfaid:part="3"' in metadata
            assert b'pdfuaid:part="1"' in metadata
            assert str(document.Root.Lang) == "zh-CN"
            assert "/StructTreeRoot" in document.Root
            assert "/ID" in document.trailer
            assert _faults(document) == []

    @pytest.mark.parametrize(
        "address",
        ["asset:missing", "http://127.0.0.1:9/a.png", "file:///etc/passwd", "ftp://127.0.0.1/a", "/etc/passwd"],
    )
    def test_any_other_address_is_refused(self, address: str) -> None:
        with pytest.raises(RenderingError):
            make(f'<img src="{address}" alt="">')

    def test_a_broken_picture_is_an_error_not_a_gap(self) -> None:
        with pytest.raises(RenderingError):
            make('<img src="asset:a" alt="">', assets={"a": b"not a picture"})

    def test_a_wrong_style_is_an_error(self) -> None:
        with pytest.raises(RenderingError, match="colour"):
            make('<p style="colour: red">红</p>')

    def test_chinese_lines_end_flush(self) -> None:
        with pymupdf.open(stream=make(f"<p>{TEXT * 4}</p>").pdf, filetype="pdf") as document:
            lines = [line for block in document[0].get_text("dict")["blocks"] for line in block["lines"]]
            ends = {}
            for line in lines:
                ends[round(line["bbox"][1])] = max(ends.get(round(line["bbox"][1]), 0), line["bbox"][2])
            full = list(ends.values())[:-1]
        assert len(full) >= 5
        assert max(full) - min(full) < 8  # a closing sign may keep half of its width white


def _signs(text: str) -> Counter[str]:
    """What is read, without white space; one glyph that stands for several dots is read as one of them."""
    return Counter(unicodedata.normalize("NFKC", "".join(text.split())).translate(dict.fromkeys(map(ord, "·•・"), "·")))


def _faults(document: pikepdf.Pdf) -> list[str]:
    faults = []
    for thing in document.objects:
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if thing.get("/Interpolate") is True:
            faults.append("interpolated picture")
        if thing.get("/Type") == "/FontDescriptor" and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(
            thing.keys()
        ):
            faults.append("font not embedded")
        if thing.get("/Subtype") == "/Type0" and "/ToUnicode" not in thing:
            faults.append("text cannot be taken out")
        if thing.get("/Type") == "/Filespec" and "/AFRelationship" not in thing:
            faults.append("attachment without relationship")
        if thing.get("/S") in ("/JavaScript", "/Launch"):
            faults.append("action")
    return faults
