"""Trainings of former years from a brigade's own list: upload, columns, check, accept, report."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.accounts.policy import Permission
from app.logbook.old_pages import OldPages
from app.trainings.old_log_words import WORDS
from app.trainings.service.old_logs import LOG
from app.trainings.views import bp

PAGES = OldPages(
    log=LOG,
    at="trainings",
    words=WORDS,
    name=_l("导入旧培训记录"),
    home=_l("培训"),
    intro=_l(
        "把以前的培训台账带进来：学校、日期、对象、内容、授课人、时长、人数、名单、结果。时长和人数看不准的（如 2:05、70-79 seconds、一上午）保存原文并标出，不替您猜；缺年份或日子的请在表中补全后再导入。学生的名单不保存，只计人数。"
    ),
)
PAGES.add_to(bp, Permission.IMPORT_TRAININGS)
