"""Whoever types a sign that no typeface has is told so, and nothing is refused or changed."""

from __future__ import annotations

import pytest
from flask import Flask, get_flashed_messages
from wtforms import PasswordField

from app.core.forms import Form, Text, unprintable_in

pytestmark = pytest.mark.one_database


class Remark(Form):
    """A form with a text and a secret."""

    text = Text("text")
    secret = PasswordField("secret")


@pytest.mark.parametrize("text", ["示范区第一小学", "dormitory 2", "སློབ་ཆུང་", "𠮷野家", "①②③ ㎡ ℃", "赇琫", "😀"])
def test_what_some_face_has_warns_of_nothing(app: Flask, text: str) -> None:
    assert unprintable_in([text]) == ()


@pytest.mark.parametrize("text", ["字\U000323af字", "\U00010d60"])
def test_a_sign_that_no_face_has_is_named_and_kept(app: Flask, text: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data={"text": text, "secret": "\U0002ebf0"}):
        form = Remark()
        assert form.validate()
        assert form.text.data == text
        (message,) = get_flashed_messages()
        assert "U+" in message
        assert "U+2EBF0" not in message
