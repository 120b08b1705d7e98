"""What `_` is in a template: the page's language, what is filled in escaped."""

import pytest
from flask import Flask
from flask_babel import force_locale
from markupsafe import escape


def _drawn(app: Flask, source: str, **variables: object) -> str:
    return app.jinja_env.from_string(source).render(**variables)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("language", "drawn"), [("zh_Hans_CN", "到课率 80%"), ("en", "80% attended"), ("bo", "到课率 80%")]
)
def test_a_text_speaks_the_language_of_the_page_and_fills_in(app: Flask, language: str, drawn: str) -> None:
    with force_locale(language):
        assert _drawn(app, '{{ _("到课率 %(percent)d%%", percent=80) }}') == drawn


@pytest.mark.one_database
def test_a_page_changes_its_language_halfway(app: Flask) -> None:
    source = '{{ _("保存") }}'
    with force_locale("zh_Hans_CN"):
        chinese = _drawn(app, source)
        with force_locale("en"):
            english = _drawn(app, source)
        assert _drawn(app, source) == chinese == "保存"
    assert english != chinese


@pytest.mark.one_database
@pytest.mark.parametrize("given", ["<b>", '"><script>', "100%", "%(name)s", "&amp;"])
def test_what_is_filled_in_is_escaped_once_and_no_pattern(app: Flask, given: str) -> None:
    for variable in ("text", "name", "context"):
        source = f'{{{{ _("甲：%({variable})s 乙", {variable}=given) }}}}'
        assert _drawn(app, source, given=given) == f"甲：{escape(given)} 乙"


@pytest.mark.one_database
def test_a_text_without_translation_stays_and_a_plain_template_escapes_nothing(app: Flask) -> None:
    assert _drawn(app, '{{ _("没有译文的一句 <b>") }}') == "没有译文的一句 <b>"
    loud = '{% autoescape false %}{{ _("甲 %(name)s", name=given) }}{% endautoescape %}'
    assert _drawn(app, loud, given="<b>") == "甲 <b>"
