"""Every kind of paper renders its sample in every language, and the text comes out of it again."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask

from app import FEATURES, create_app
from app.config import load
from app.documents import composing, frozen, kinds, texts
from app.documents.kinds import Copy, DocumentKind, Letterhead
from app.documents.rendering import Rendered
from tests.documents.conftest import text_by_mupdf


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(load({"XF_DATA": str(tmp_path_factory.mktemp("data")), "SECRET_KEY": "only for the tests"}))
    with app.app_context():
        yield app
    made.cache_clear()


for feature in FEATURES:
    if importlib.util.find_spec(f"app.{feature}.documents"):
        importlib.import_module(f"app.{feature}.documents")
KINDS = kinds.all_kinds()
CASES = [(kind, language) for kind in KINDS for language in kind.languages]
each_case = pytest.mark.parametrize(
    ("kind", "language"), CASES, ids=[f"{kind.code}-{language}" for kind, language in CASES]
)
each_of_two_copies = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.archive_copy], ids=lambda kind: kind.code
)


@cache
def made(code: str, language: str, copy: Copy = Copy.PARTY) -> tuple[Rendered, str]:
    """The sample and its text; rendering is slow, so each is made once."""
    rendered = composing.sample(kinds.kind_of(code), language, copy=copy)
    return rendered, text_by_mupdf(rendered.pdf)


def written_values(data: object) -> Iterator[str]:
    """Every word of the sample that a person would miss on the paper."""
    plain = frozen.plain(data)
    stack = [plain]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            stack += [entry for key, entry in value.items() if key not in ("sha256", "alt")]
        elif isinstance(value, list):
            stack += value
        elif isinstance(value, str) and not value[:4].isdigit():
            yield value


@each_case
def test_the_sample_renders(papers: Flask, kind: DocumentKind, language: str) -> None:
    rendered, text = made(kind.code, language)
    assert rendered.substituted == ()
    assert "4KDM-97QX-TB2" in text
    assert (f"Page1of{rendered.pages}" if language == "en" else f"第1页共{rendered.pages}页") in text
    assert re.search("〔2026〕第0+31号", text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_an_english_paper_says_that_the_chinese_one_prevails(papers: Flask, kind: DocumentKind) -> None:
    text = made(kind.code, "en")[1]
    assert "theChinesetextprevails" in text
    assert "编号" not in text
    assert "登记号" not in text


@each_of_two_copies
def test_the_receipt_is_on_the_archive_copy_only(papers: Flask, kind: DocumentKind) -> None:
    party, archive = made(kind.code, "zh_Hans_CN")[1], made(kind.code, "zh_Hans_CN", Copy.ARCHIVE)[1]
    assert "签收栏" not in party
    assert "当事人联" in party
    assert "签收栏" in archive
    assert "存档联" in archive
    assert "一式两份" in party


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.letterhead is Letterhead.SCHOOL], ids=lambda kind: kind.code
)
def test_a_schools_own_paper_has_its_name_on_top_and_no_number_of_the_brigade(
    papers: Flask, kind: DocumentKind
) -> None:
    text = made(kind.code, "zh_Hans_CN")[1]
    assert text.startswith("示范区河谷寄宿制小学")
    assert "示消" not in text.split("登记号")[1][:12]
    assert "{code_word}" not in kind.numbering


@pytest.mark.parametrize(
    ("kind", "language"),
    [(kind, language) for kind, language in CASES if kind.texts],
    ids=lambda value: getattr(value, "code", value),
)
def test_the_wording_of_every_paragraph_can_be_filled_in_each_language(
    papers: Flask, kind: DocumentKind, language: str
) -> None:
    for piece in kind.texts:
        text = texts.defaults(kind, language)[piece.name]
        assert texts.unknown_places(text, piece, language) == ()
        assert texts.missing_places(text, piece, language) == ()
        assert len(texts.places(piece, language)) == len(piece.places)


RECTIFICATION = [kind for kind in KINDS if kind.context.__module__.startswith("app.rectification")]


@pytest.mark.parametrize("kind", RECTIFICATION, ids=lambda kind: kind.code)
def test_everything_written_into_a_paper_of_an_order_comes_out_of_it(papers: Flask, kind: DocumentKind) -> None:
    copy = kind.file_copies[-1]
    text = made(kind.code, "zh_Hans_CN", copy)[1]
    sample = kind.context.sample("zh_Hans_CN")
    lost = [value for value in written_values(sample) if "".join(value.split()) not in text]
    assert lost == []


def test_the_record_prints_each_fault_in_its_section_and_holds_back_unsettled_law(papers: Flask) -> None:
    text = made("inspection_record", "zh_Hans_CN")[1]
    places = [
        text.index(words)
        for words in ("安全疏散合格", "食堂东侧安全出口", "消防设施、器材合格", "灭火器压力指针在红色区域")
    ]
    assert places == sorted(places)
    assert "另有1处依据的出处尚待核实" in text
    assert "索南" in text
