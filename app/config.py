"""Settings of the product: read from the environment only, typed, refused at start when wrong."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import click


class SettingsError(click.ClickException):
    """A setting is missing or wrong; the message is a sentence for whoever starts the server (a line, status 2)."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one installation is told from outside. Paths are absolute."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = ""
    files: str = ""
    redis_url: str = ""
    secret_key: str = field(repr=False, default="")
    public_url: str = ""
    trusted_proxies: int = 0
    fonts: Path | None = None
    demo: bool = False
    demo_password: str = field(repr=False, default="")
    language: str = "zh_Hans_CN"
    today: date | None = None
    production: bool = False
    metrics_token: str = field(repr=False, default="")
    channels: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def sqlalchemy_url(self) -> str:
        """The database: SQLite in the data folder unless DATABASE_URL names another."""
        return self.database_url or f"sqlite:///{self.data / 'xiaofang.sqlite3'}"

    @property
    def base_url(self) -> str:
        """The address that labels and papers carry, without a closing slash."""
        return self.public_url or f"http://{self.host}:{self.port}"


LANGUAGES = ("zh_Hans_CN", "en")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}; it is {text!r}.")
    return int(text)


def _flag(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").strip()
    if text not in ("", "0", "1"):
        raise SettingsError(f"{name} must be 1 or 0 or empty; it is {text!r}.")
    return text == "1"


def _day(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name} must be a date like 2026-11-22; it is {text!r}.") from None


def _address(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    text = env.get(name, "").strip().rstrip("/")
    if text and urlsplit(text).scheme.split("+")[0] not in schemes:
        raise SettingsError(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}; it is {text!r}.")
    return text


#: What each way of telling people may be reached by; None: whatever Apprise knows (there are many SMS gateways).
CHANNELS: dict[str, tuple[str, ...] | None] = {
    "MAIL": ("mailto", "mailtos"),
    "SMS": None,
    "WEBHOOK": ("json", "jsons", "form", "forms", "xml", "xmls"),
    "WECOM": ("wecombot", "https"),
    "DINGTALK": ("dingtalk", "https"),
    "FEISHU": ("feishu", "lark", "https"),
}
CHANNEL_NAME = re.compile(r"XF_(MAIL|SMS|WEBHOOK|WECOM|DINGTALK|FEISHU)_URL(?:_([0-9]{6}))?")


def _channels(env: Mapping[str, str]) -> dict[str, str]:
    """Gateways by `mail`, or `mail_540102` for one brigade. The value is a secret and never part of the sentence."""
    found = {}
    for name, text in env.items():
        fits, value = CHANNEL_NAME.fullmatch(name), text.strip()
        if not fits or not value:
            continue
        schemes = CHANNELS[fits[1]]
        scheme, mark, rest = value.partition("://")
        if not mark or not rest or (schemes is not None and scheme.lower() not in schemes):
            wanted = " or ".join(f"{one}://" for one in schemes) if schemes else "the gateway's scheme://"
            raise SettingsError(f"{name} must begin with {wanted}.")
        found[fits[1].lower() + (f"_{fits[2]}" if fits[2] else "")] = value
    return found


def _kept_secret(data: Path) -> str:
    """The key kept in the data folder, made on first use and readable by its owner only."""
    path = data / "secret.key"
    try:
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text().strip()
        if len(kept) >= 32:
            return kept
        raise SettingsError(f"{path} is there but holds no key; remove it to have a new one made.") from None
    except OSError as problem:
        raise SettingsError(f"The data folder {data} cannot be written: {problem.strerror}.") from None
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_hex(32)
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings. Raises SettingsError with a sentence naming the variable."""
    env = os.environ if env is None else env
    data = Path(env.get("XF_DATA", "").strip() or "var").absolute()
    demo = _flag(env, "XF_DEMO")
    host = env.get("HOST", "").strip() or "127.0.0.1"
    if demo and host not in LOOPBACK:
        raise SettingsError("The demo serves on this machine only: leave HOST empty or set it to 127.0.0.1.")
    language = env.get("XF_LANGUAGE", "").strip() or "zh_Hans_CN"
    if language not in LANGUAGES:
        raise SettingsError(f"XF_LANGUAGE must be one of {', '.join(LANGUAGES)}; it is {language!r}.")
    fonts = env.get("XF_FONTS", "").strip()
    if fonts and not Path(fonts).is_dir():
        raise SettingsError(f"XF_FONTS names a folder that is not there: {fonts}.")
    secret = env.get("SECRET_KEY", "").strip()
    if secret and len(secret) < 16:
        raise SettingsError("SECRET_KEY must have 16 characters or more.")
    production = _flag(env, "XF_PRODUCTION")
    public_url = _address(env, "XF_PUBLIC_URL", ("http", "https"))
    if production:
        if demo or env.get("XF_TODAY", "").strip():
            raise SettingsError("A production server takes neither XF_DEMO nor XF_TODAY.")
        if not public_url:
            raise SettingsError(
                "XF_PUBLIC_URL must name the address that labels and papers carry, e.g. https://xf.example.cn."
            )
        if not secret:
            raise SettingsError("SECRET_KEY must be set for a production server.")
    return Settings(
        data=data,
        host=host,
        port=_integer(env, "PORT", 8000, 1, 65535),
        database_url=_address(env, "DATABASE_URL", ("sqlite", "postgresql")),
        files=_address(env, "XF_FILES", ("s3",)),
        redis_url=_address(env, "REDIS_URL", ("redis", "rediss")),
        secret_key=secret or _kept_secret(data),
        public_url=public_url,
        trusted_proxies=_integer(env, "XF_TRUSTED_PROXIES", 0, 0, 10),
        fonts=Path(fonts).absolute() if fonts else None,
        demo=demo,
        demo_password=env.get("XF_DEMO_PASSWORD", "").strip(),
        language=language,
        today=_day(env, "XF_TODAY"),
        production=production,
        metrics_token=env.get("XF_METRICS_TOKEN", "").strip(),
        channels=_channels(env),
    )
