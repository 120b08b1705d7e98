"""Answers that all schools of a brigade may read."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.web import found
from app.logbook import pages
from app.questions import queries, service
from app.questions.forms import PublishForm, ReasonForm
from app.questions.rules import QuestionAct
from app.questions.views import bp
from app.questions.views.one import to_answer


@bp.get("/questions/answers")
@requires(Permission.SEE_QUESTIONS)
def public() -> ResponseReturnValue:
    """What was often asked, with its answers."""
    text = request.args.get("q", "")
    page = queries.public(viewer, text=text, key=request.args.get("page"))
    return render_template("questions/public.html", lines=page.rows, text=text, **pages.neighbours(".public", page))


@bp.route("/questions/<uuid:question_id>/publish", methods=["GET", "POST"])
@requires(Permission.ANSWER_QUESTIONS)
def publish(question_id: uuid.UUID) -> ResponseReturnValue:
    """Word an answer for all schools."""
    line = to_answer(question_id)
    said = queries.said_about(question_id)
    asked = "\n".join([line.question.title, *(one.post.words for one in said if one.post.act is QuestionAct.ASK)])
    told = "\n\n".join(one.post.words for one in said if one.post.act is QuestionAct.ANSWER)
    form = PublishForm(data={"question": asked, "answer": told})
    if form.validate_on_submit():
        row = made(
            form,
            lambda: service.publish(viewer, line, question=form.question.data or "", answer=form.answer.data or ""),
        )
        if row is not None:
            flash(_("已公开，本大队各学校都能看到。"))
            return redirect(url_for(".public"))
        line = to_answer(question_id)
    page = render_template("questions/publish.html", form=form, line=line, question=line.question)
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/questions/answers/<uuid:public_answer_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.ANSWER_QUESTIONS)
def withdraw(public_answer_id: uuid.UUID) -> ResponseReturnValue:
    """Take a public answer off the list."""
    row, form = found(queries.public_answer(viewer, public_answer_id)), ReasonForm()
    if row.brigade_id not in viewer.brigade_ids:
        abort(403)
    if form.validate_on_submit() and done(
        form, lambda: service.withdraw_public(viewer, row, reason=form.reason.data or "")
    ):
        flash(_("已撤回，理由已存档。"))
        return redirect(url_for(".public"))
    row = found(queries.public_answer(viewer, public_answer_id))
    return render_template("questions/withdraw.html", row=row, form=form), 422 if form.errors else 200
