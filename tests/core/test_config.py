"""Settings are refused at start with a sentence that names the variable."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.config import SettingsError, load


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"PORT": "eighty"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"XF_DEMO": "yes"}, "XF_DEMO"),
        ({"XF_DEMO": "1", "HOST": "0.0.0.0"}, "this machine only"),
        ({"XF_LANGUAGE": "fr"}, "XF_LANGUAGE"),
        ({"XF_TODAY": "22.11.2026"}, "XF_TODAY"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"XF_FILES": "ftp://x"}, "XF_FILES"),
        ({"XF_FONTS": "/no/such/folder"}, "XF_FONTS"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"XF_PRODUCTION": "1", "SECRET_KEY": "x" * 32}, "XF_PUBLIC_URL"),
        ({"XF_PRODUCTION": "1", "XF_PUBLIC_URL": "https://xf.example"}, "SECRET_KEY"),
        ({"XF_PRODUCTION": "1", "XF_TODAY": "2026-01-01"}, "XF_TODAY"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, wrong: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        load({"XF_DATA": str(tmp_path), **wrong})


def test_nothing_set_is_a_small_machine(tmp_path: Path) -> None:
    settings = load({"XF_DATA": str(tmp_path)})
    assert settings.sqlalchemy_url.startswith("sqlite:///")
    assert settings.base_url == "http://127.0.0.1:8000"


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load({"XF_DATA": str(tmp_path)}).secret_key
    assert load({"XF_DATA": str(tmp_path)}).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_data_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        load({"XF_DATA": str(tmp_path / "file" / "data")})


def test_ways_of_telling_people_come_from_the_environment(tmp_path: Path) -> None:
    settings = load(
        {
            "XF_DATA": str(tmp_path),
            "XF_MAIL_URL": "mailtos://user:secret@mail.example.cn",
            "XF_WECOM_URL_540102": "wecombot://key",
            "XF_SMS_URL": "",
        }
    )
    assert dict(settings.channels) == {
        "mail": "mailtos://user:secret@mail.example.cn",
        "wecom_540102": "wecombot://key",
    }
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [("XF_MAIL_URL", "smtp://secret@x"), ("XF_SMS_URL", "secret"), ("XF_WEBHOOK_URL", "file://secret")],
)
def test_a_way_that_cannot_be_is_refused_without_showing_its_secret(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({"XF_DATA": str(tmp_path), name: value})
    assert name in refused.value.message
    assert "secret" not in refused.value.message
