"""Every kind of paper renders its sample in every language, and the text comes out of it again."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator

import pytest
from flask import Flask

from app import FEATURES, create_app
from app.config import load
from app.documents import composing, kinds
from app.documents.kinds import DocumentKind
from tests.documents.conftest import text_by_mupdf


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = create_app(load({"XF_DATA": str(tmp_path_factory.mktemp("data")), "SECRET_KEY": "only for the tests"}))
    with app.app_context():
        yield app


for feature in FEATURES:
    if importlib.util.find_spec(f"app.{feature}.documents"):
        importlib.import_module(f"app.{feature}.documents")
CASES = [(kind, language) for kind in kinds.all_kinds() for language in kind.languages]


@pytest.mark.parametrize(("kind", "language"), CASES, ids=[f"{kind.code}-{language}" for kind, language in CASES])
def test_the_sample_renders(papers: Flask, kind: DocumentKind, language: str) -> None:
    made = composing.sample(kind, language)
    text = text_by_mupdf(made.pdf)
    assert made.substituted == ()
    assert "4KDM-97QX-TB2" in text
    assert (f"Page1of{made.pages}" if language == "en" else f"第1页共{made.pages}页") in text
    assert "〔2026〕第0031号" in text


@pytest.mark.parametrize("kind", kinds.all_kinds(), ids=lambda kind: kind.code)
def test_an_english_paper_says_that_the_chinese_one_prevails(papers: Flask, kind: DocumentKind) -> None:
    text = text_by_mupdf(composing.sample(kind, "en").pdf)
    assert "theChinesetextprevails" in text
    assert "编号" not in text


def test_the_result_carries_no_licence_wording(papers: Flask) -> None:
    text = text_by_mupdf(composing.sample(kinds.kind_of("inspection_result"), "zh_Hans_CN").pdf)
    assert "合格证" not in text
    assert "不是行政许可" in text


def test_the_record_prints_each_fault_in_its_section_and_holds_back_unsettled_law(papers: Flask) -> None:
    text = text_by_mupdf(composing.sample(kinds.kind_of("inspection_record"), "zh_Hans_CN").pdf)
    places = [
        text.index(words)
        for words in ("安全疏散合格", "食堂东侧安全出口", "消防设施、器材合格", "灭火器压力指针在红色区域")
    ]
    assert places == sorted(places)
    assert "另有1处依据的出处尚待核实" in text
    assert "索南" in text
