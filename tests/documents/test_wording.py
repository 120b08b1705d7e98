"""A brigade words its papers in the administration: versions, checks, preview, return to the system's own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.core import jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents import queries, service, texts
from app.documents.models import IssuedDocument, PaperTexts
from app.rectification.papers.extension import EXTENSION_DECISION as KIND
from app.rectification.papers.limited import LIMITED
from tests.cast import Cast
from tests.documents.conftest import text_by_mupdf

SignIn = Callable[[str], FlaskClient]
ZH = "zh_Hans_CN"
PATH = f"/admin/texts/{KIND.code}"
OPENING = "您单位{申请日期}就《{文书名称}》（{文书编号}）要求延期一事，我大队答复如下："


def _data(based_on: int = 0, **changed: str) -> dict[str, str]:
    return {**texts.defaults(KIND, ZH), "based_on": str(based_on), **changed}


def _issue(cast: Cast) -> IssuedDocument:
    document = service.issue(
        KIND,
        KIND.context.sample(ZH),
        brigade=cast.brigade,
        school=cast.school,
        by=cast.viewer("olga"),
        subject=("order", cast.school_id),
    )
    db.session.commit()
    return document


def _text(document: IssuedDocument) -> str:
    jobs.run_all()
    db.session.refresh(document)
    return text_by_mupdf(files().get(document.file_sha256 or ""))


@pytest.mark.one_database
def test_a_new_wording_prints_from_then_on_and_the_paper_says_which(cast: Cast, as_person: SignIn) -> None:
    before, lea = _issue(cast), as_person("lea")
    answer = lea.post(PATH, data=_data(opening=OPENING), follow_redirects=True).get_data(as_text=True)
    assert "已保存为第 1 版" in answer
    after = _issue(cast)
    assert "要求延期一事" in _text(after)
    assert "要求延期一事" not in _text(before)
    assert (queries.texts_version_of(before), queries.texts_version_of(after)) == (0, 1)
    assert json.loads(after.context)["paper"]["texts"]["opening"] == OPENING
    db.session.rollback()
    assert "第 1 版" in lea.get(f"/documents/{after.id}").get_data(as_text=True)


def test_every_version_is_kept_with_who_and_when(cast: Cast, as_person: SignIn) -> None:
    as_person("lea").post(PATH, data=_data(opening=OPENING))
    as_person("olga").post(PATH, data=_data(1, opening=OPENING, refused="请按期改正。"))
    rows = db.session.scalars(db.select(PaperTexts).order_by(PaperTexts.version)).all()
    assert [(row.version, row.made_by_name, sorted(row.texts)) for row in rows] == [
        (1, "格桑", ["opening"]),
        (2, "央金", ["opening", "refused"]),
    ]
    db.session.rollback()
    page = as_person("lea").get(PATH).get_data(as_text=True)
    assert "第 2 版" in page
    assert "请按期改正。" in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"opening": OPENING.replace("{文书编号}", "{编号}")}, "“编号”不是可用的填写项"),
        ({"opening": OPENING.replace("{文书编号}", "")}, "缺少填写项 {文书编号}"),
        ({"opening": OPENING + "{"}, "不是可用的填写项"),
        ({"opening": OPENING + "{0.__class__}"}, "不是可用的填写项"),
        ({"refused": "长" * 3001}, "每段文字最多 3000 个字"),
        ({}, "文字没有变化"),
    ],
)
def test_a_wording_that_would_not_print_is_refused(
    cast: Cast, as_person: SignIn, changed: dict[str, str], says: str
) -> None:
    answer = as_person("lea").post(PATH, data=_data(**changed))
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert db.session.scalar(db.select(db.func.count(PaperTexts.id))) == 0


def test_who_saw_an_older_version_does_not_write_over_the_newer(cast: Cast, as_person: SignIn) -> None:
    as_person("lea").post(PATH, data=_data(opening=OPENING))
    answer = as_person("olga").post(PATH, data=_data(0, refused="请按期改正。"))
    assert answer.status_code == 422
    assert "别人已保存了第 1 版" in answer.get_data(as_text=True)


def test_the_preview_shows_the_wording_before_it_is_in_force(cast: Cast, as_person: SignIn) -> None:
    lea = as_person("lea")
    answer = lea.post(PATH, data=_data(opening=OPENING, preview="1"))
    assert "/documents/previews/" in answer.location
    jobs.run_all()
    shown = lea.get(answer.location + ".pdf").data
    assert "要求延期一事" in text_by_mupdf(shown)
    assert "签收栏" in text_by_mupdf(shown)
    assert db.session.scalar(db.select(db.func.count(PaperTexts.id))) == 0


def test_the_return_to_the_systems_words_is_a_version_too(cast: Cast, as_person: SignIn) -> None:
    lea = as_person("lea")
    lea.post(PATH, data=_data(opening=OPENING))
    assert lea.post(f"{PATH}/reset", data={"based_on": "1"}).status_code == 302
    assert queries.wording_in_force(cast.brigade_id, KIND, ZH) == (2, texts.defaults(KIND, ZH))
    db.session.rollback()
    assert lea.post(f"{PATH}/reset", data={"based_on": "2"}).status_code == 422


@pytest.mark.one_database
def test_an_empty_paragraph_is_not_printed_and_naughty_words_are_printed_as_they_are(
    cast: Cast, as_person: SignIn
) -> None:
    naughty = '<script>alert("བོད")</script> & {{ 7*7 }} % (name)s \u202eabc 𠮷'.replace("{{", "（（").replace(
        "}}", "））"
    )
    lea = as_person("lea")
    lea.post(PATH, data=_data(granted=naughty, refused=""))
    document = _issue(cast)
    text = _text(document)
    assert '<script>alert("' in text
    assert "%(name)s" in text
    assert "𠮷" in text


@pytest.mark.parametrize(("name", "status"), [("ines", 403), ("pema", 403), ("beate", 403), ("ada", 200)])
def test_who_may_not_change_settings_may_not_reword(cast: Cast, as_person: SignIn, name: str, status: int) -> None:
    browser = as_person(name)
    assert browser.get("/admin/texts").status_code == status
    assert browser.get(PATH).status_code == status
    posted = browser.post(PATH, data=_data(opening=OPENING)).status_code
    assert posted == (403 if status == 403 else 302)


def test_a_kind_that_no_setting_numbers_is_numbered_as_the_brigade_words_it(cast: Cast, as_person: SignIn) -> None:
    lea, before = as_person("lea"), _issue(cast)
    pattern = "{code_word}消延改字〔{year}〕第{serial:04d}号"
    assert lea.post(PATH, data=_data(numbering=pattern)).status_code == 302
    after = _issue(cast)
    assert before.number.startswith("示消延字〔")
    assert after.number == f"示消延改字〔{after.year}〕第0002号"
    assert lea.post(PATH, data=_data(1, numbering=KIND.numbering)).status_code == 302
    assert _issue(cast).number.startswith("示消延字〔")


@pytest.mark.parametrize(
    "pattern", ["无号", "{year}", "{year}{serial}{serial}", "{0.__class__}{year}{serial}", "{year}{serial}" + "长" * 50]
)
def test_a_pattern_that_would_not_number_is_refused(cast: Cast, as_person: SignIn, pattern: str) -> None:
    answer = as_person("lea").post(PATH, data=_data(numbering=pattern))
    assert answer.status_code == 422
    assert db.session.scalar(db.select(db.func.count(PaperTexts.id))) == 0


def test_a_number_that_another_kind_carries_is_never_given_twice(cast: Cast, as_person: SignIn) -> None:
    number = _issue(cast).number
    cast.brigade.settings = {**cast.brigade.settings, "number_limited": KIND.numbering}
    context = replace(LIMITED.context.sample(ZH), officers=(), photos=())
    with pytest.raises(DomainError, match=number):
        service.issue(
            LIMITED, context, brigade=cast.brigade, school=cast.school, by=None, subject=("order", cast.school_id)
        )


def test_another_brigade_keeps_its_own_words(cast: Cast, as_person: SignIn) -> None:
    as_person("lea").post(PATH, data=_data(opening=OPENING))
    assert queries.wording_in_force(cast.other_brigade_id, KIND, ZH)[0] == 0


def test_the_list_leads_to_every_kind_with_texts_in_few_queries(
    cast: Cast, as_person: SignIn, count_queries: Callable
) -> None:
    lea = as_person("lea")
    with count_queries() as counted:
        page = lea.get("/admin/texts").get_data(as_text=True)
    assert counted.number <= 15
    assert PATH in page
    assert lea.get("/admin/texts/no_such_kind").status_code == 404
    assert lea.get(f"{PATH}?language=xx").status_code == 404
