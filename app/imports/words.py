"""Why a day that somebody typed into a list does not count, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.imports.days import Flag

DAYS: dict[str, Any] = {
    Flag.DOTTED: _l("用点或空格分隔，不是规范日期"),
    Flag.SERIAL: _l("是 Excel 的日期序号，不是日期"),
    Flag.WORDS: _l("日期前后有文字"),
    Flag.TWO_DIGITS: _l("年份只有两位"),
    Flag.INCOMPLETE: _l("缺少年、月或日"),
    Flag.IMPOSSIBLE: _l("没有这一天"),
    Flag.LUNAR: _l("写的是农历或藏历"),
    Flag.UNREADABLE: _l("看不出日期"),
    Flag.FUTURE: _l("在今天之后"),
    Flag.OUT_OF_RANGE: _l("年份太早或太远"),
    Flag.BEFORE_ISSUED: _l("早于下发日期"),
}
