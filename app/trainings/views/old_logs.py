"""Trainings of former years from a brigade's own list: upload, columns, check, accept, report."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import requires
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


@bp.route("/trainings/import", methods=["GET", "POST"])
@requires(Permission.IMPORT_TRAININGS)
def old_lists() -> ResponseReturnValue:
    """Bring a list in; and the lists of before."""
    return PAGES.lists()


@bp.route("/trainings/import/<uuid:run_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_TRAININGS)
def old_columns(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say what each column is, then have every row checked."""
    return PAGES.columns(run_id)


@bp.get("/trainings/import/<uuid:run_id>")
@requires(Permission.IMPORT_TRAININGS)
def old_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """How far a list is, what was found in its rows, what became of them."""
    return PAGES.run(run_id)


@bp.post("/trainings/import/<uuid:run_id>/accept")
@requires(Permission.IMPORT_TRAININGS)
def old_accept(run_id: uuid.UUID) -> ResponseReturnValue:
    """Write the list, whole or only its good rows."""
    return PAGES.accept(run_id)


@bp.post("/trainings/import/<uuid:run_id>/again")
@requires(Permission.IMPORT_TRAININGS)
def old_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns."""
    return PAGES.again(run_id)


@bp.post("/trainings/import/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_TRAININGS)
def old_withdraw(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give the list up; nothing was written."""
    return PAGES.withdraw(run_id)


@bp.get("/trainings/import/<uuid:run_id>/report.<any(xlsx, csv):kind>")
@requires(Permission.IMPORT_TRAININGS)
def old_report(run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """What was found in every row and what became of it, to take away."""
    return PAGES.report(run_id, kind)
