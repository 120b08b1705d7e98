"""Drills of former years from a brigade's own list: upload, columns, check, accept, report."""

from __future__ import annotations

import uuid

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.accounts.access import requires
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


@bp.route("/drills/import", methods=["GET", "POST"])
@requires(Permission.IMPORT_DRILLS)
def old_lists() -> ResponseReturnValue:
    """Bring a list in; and the lists of before."""
    return PAGES.lists()


@bp.route("/drills/import/<uuid:run_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_DRILLS)
def old_columns(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say what each column is, then have every row checked."""
    return PAGES.columns(run_id)


@bp.get("/drills/import/<uuid:run_id>")
@requires(Permission.IMPORT_DRILLS)
def old_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """How far a list is, what was found in its rows, what became of them."""
    return PAGES.run(run_id)


@bp.post("/drills/import/<uuid:run_id>/accept")
@requires(Permission.IMPORT_DRILLS)
def old_accept(run_id: uuid.UUID) -> ResponseReturnValue:
    """Write the list, whole or only its good rows."""
    return PAGES.accept(run_id)


@bp.post("/drills/import/<uuid:run_id>/again")
@requires(Permission.IMPORT_DRILLS)
def old_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns."""
    return PAGES.again(run_id)


@bp.post("/drills/import/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_DRILLS)
def old_withdraw(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give the list up; nothing was written."""
    return PAGES.withdraw(run_id)


@bp.get("/drills/import/<uuid:run_id>/report.<any(xlsx, csv):kind>")
@requires(Permission.IMPORT_DRILLS)
def old_report(run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """What was found in every row and what became of it, to take away."""
    return PAGES.report(run_id, kind)
