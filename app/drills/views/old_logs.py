"""Drills of former years from a brigade's own list: upload, columns, check, accept, report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.policy import Permission
from app.drills.old_log_words import WORDS
from app.drills.service.old_logs import LOG
from app.drills.views.blueprint import bp
from app.logbook.old_pages import OldPages

PAGES = OldPages(
    log=LOG,
    at="drills",
    words=WORDS,
    name=_l("导入旧演练记录"),
    home=_l("演练"),
    intro=_l(
        "把以前的演练清单带进来：学校、日期、类型、用时、人数、问题。用时和人数看不准的（如 70-79 seconds、约 2 分钟）保存原文并标出，不替您猜；没有年份的日期请在表中补全后再导入。"
    ),
)
PAGES.add_to(bp, Permission.IMPORT_DRILLS)
