"""The pages of a list of a log's former entries: upload, columns, check, accept, report. A log gives words, address, permission."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.forms import Form
from app.imports import pages
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.columns import ColumnsForm, columns_form
from app.imports.models import ImportRun, ImportState
from app.logbook import old_lists, old_words
from app.logbook.old_lists import OldLog
from app.logbook.old_words import OldWords


class UploadForm(Form):
    """The file."""

    file = FileField(_l("清单文件"), [FileRequired(_l("请选择文件。"))])


class AcceptForm(Form):
    """Accepting the list."""

    only_good = BooleanField()


def _function(method: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """The method as a function of its own: a method can carry no mark of who may call it."""

    @wraps(method)
    def view(**values: Any) -> ResponseReturnValue:
        return method(**values)

    return view


@dataclass(frozen=True)
class OldPages:
    """The pages of one log's lists. `at` is its blueprint and where its addresses begin; its views are old_lists, old_columns …

    `name` heads the pages, `home` is what the log is called, `intro` says what is taken and what is not.
    """

    log: OldLog
    at: str
    words: OldWords
    name: Any
    home: Any
    intro: Any

    def add_to(self, blueprint: Blueprint, permission: Permission) -> None:
        """Give the log's blueprint its pages, each only for who has the permission."""
        both, get, post = ["GET", "POST"], ["GET"], ["POST"]
        views: tuple[tuple[str, list[str], Callable[..., ResponseReturnValue]], ...] = (
            ("", both, self.lists),
            ("/<uuid:run_id>/columns", both, self.columns),
            ("/<uuid:run_id>", get, self.run),
            ("/<uuid:run_id>/accept", post, self.accept),
            ("/<uuid:run_id>/again", post, self.again),
            ("/<uuid:run_id>/withdraw", post, self.withdraw),
            ("/<uuid:run_id>/report.<any(xlsx, csv):kind>", get, self.report),
        )
        for path, methods, view in views:
            guarded = requires(permission)(_function(view))
            blueprint.add_url_rule(f"/{self.at}/import{path}", f"old_{view.__name__}", guarded, methods=methods)

    def _draw(self, template: str, **about: Any) -> str:
        return render_template(f"logbook/old/{template}.html", pages=self, words=self.words, common=old_words, **about)

    def address(self, view: str, **about: Any) -> str:
        """The address of one of the log's views of lists; `index` is the log itself."""
        return url_for(f"{self.at}.{view}", **about)

    def lists(self) -> ResponseReturnValue:
        """Bring a list in; and the lists of before."""
        form = UploadForm()
        if form.validate_on_submit():
            brigade_id = viewer.own_brigade_id or abort(403)
            run = pages.taken_in(
                form,
                lambda name, data: old_lists.start(viewer, self.log, brigade_id=brigade_id, file_name=name, data=data),
            )
            if run is not None:
                return redirect(self.address("old_columns", run_id=run.id))
        page = self._draw("imports", form=form, runs=lists.latest(viewer, self.log.kind))
        return page, 422 if form.errors else 200

    def columns(self, run_id: uuid.UUID) -> ResponseReturnValue:
        """Say what each column is, then have every row checked."""
        run = pages.run_of(self.log.kind, run_id)
        if not pages.can_be_mapped(run):
            return redirect(self.address("old_run", run_id=run_id))
        options = [("", _("只作原文保存")), *((name, str(label)) for name, label in self.words.fields.items())]
        form = columns_form(ColumnsForm, run.options["headings"], run.mapping["columns"], options)()
        if form.validate_on_submit() and done(form, lambda: self._take_columns(run, form)):
            return redirect(self.address("old_run", run_id=run_id))
        run = pages.run_of(self.log.kind, run_id)
        return self._draw("columns", form=form, run=run), 422 if form.errors else 200

    def _take_columns(self, run: ImportRun, form: ColumnsForm) -> None:
        old_lists.set_mapping(self.log, run, columns=form.columns())
        importing.ask_check(viewer, run, self.log.kind)

    def run(self, run_id: uuid.UUID) -> ResponseReturnValue:
        """How far a list is, what was found in its rows, what became of them."""
        run = pages.run_of(self.log.kind, run_id)
        if run.state is ImportState.READ:
            return redirect(self.address("old_columns", run_id=run_id))
        verdict, job = pages.asked_verdict(), lists.job_of(run)
        busy = pages.is_busy(run, job)
        rows = lists.rows(run, verdict=verdict, key=request.args.get("page"))
        return self._draw("run", run=run, job=job, busy=busy, refresh=2 if busy else 0, rows=rows, verdict=verdict)

    def act(self, run_id: uuid.UUID, do: Callable[[ImportRun], Any]) -> ResponseReturnValue:
        """Do something with a list and go back to it."""
        return pages.act(self.log.kind, run_id, do, self.address("old_run", run_id=run_id))

    def accept(self, run_id: uuid.UUID) -> ResponseReturnValue:
        """Write the list, whole or only its good rows."""
        form = AcceptForm()

        def act(run: ImportRun) -> None:
            old_lists.accept(viewer, self.log, run, only_good=bool(form.only_good.data))
            importing.ask_write(viewer, run, self.log.kind)

        return self.act(run_id, act)

    def again(self, run_id: uuid.UUID) -> ResponseReturnValue:
        """Back to the columns."""
        return self.act(run_id, importing.again)

    def withdraw(self, run_id: uuid.UUID) -> ResponseReturnValue:
        """Give the list up; nothing was written."""
        return self.act(run_id, lambda run: importing.withdraw(viewer, run, self.log.kind))

    def report(self, run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
        """What was found in every row and what became of it, to take away."""
        run = pages.run_of(self.log.kind, run_id)
        content = self.words.report(lists.all_rows(run), kind=kind)
        return pages.to_take_away(content, kind=kind, name=f"{self.at}-import-{run.made_at:%Y%m%d}")
