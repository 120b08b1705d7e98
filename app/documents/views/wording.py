"""How the brigade words its papers: list of kinds, one kind with its paragraphs and versions, preview."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.forms import Form
from app.core.web import found
from app.documents import kinds, queries, texts
from app.documents.forms import texts_form
from app.documents.kinds import DocumentKind
from app.documents.service import wording
from app.documents.views.blueprint import bp
from app.organisations.models import Brigade


def _brigade() -> Brigade:
    return found(db.session.get(Brigade, viewer.own_brigade_id) if viewer.own_brigade_id else None)


def _kind(code: str) -> tuple[DocumentKind, str]:
    kind = next((one for one in kinds.all_kinds() if one.code == code and one.may_be_reworded), None)
    if kind is None:
        abort(404)
    language = request.values.get("language", kind.languages[0])
    if language not in kind.languages:
        abort(404)
    return kind, language


@bp.get("/admin/texts")
@requires(Permission.CHANGE_SETTINGS)
def all_wordings() -> ResponseReturnValue:
    """Every kind of paper whose paragraphs may be reworded, and whether they were."""
    worded = [kind for kind in kinds.all_kinds() if kind.may_be_reworded]
    return render_template("documents/wordings.html", kinds=worded, in_force=queries.wordings(_brigade().id))


def _page(kind: DocumentKind, language: str, form: Form, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "documents/wording.html",
        kind=kind,
        language=language,
        form=form,
        own=texts.defaults(kind, language),
        places={piece.name: texts.places_shown(piece, language) for piece in kind.texts},
        versions=queries.versions_of(_brigade().id, kind, language),
    ), status


@bp.get("/admin/texts/<code>")
@requires(Permission.CHANGE_SETTINGS)
def wording_of(code: str) -> ResponseReturnValue:
    """One kind: its paragraphs as they are in force, what may stand in them, and its versions."""
    kind, language = _kind(code)
    return _page(kind, language, _form_in_force(kind, language))


def _form_in_force(kind: DocumentKind, language: str) -> Form:
    brigade = _brigade()
    version, worded = queries.wording_in_force(brigade.id, kind, language)
    numbering = queries.own_numbering(brigade, kind) or kind.numbering
    data = {**worded, "based_on": version, "numbering": numbering}
    return texts_form(kind, language, formdata=None, data=data)


@bp.post("/admin/texts/<code>")
@requires(Permission.CHANGE_SETTINGS)
def reword(code: str) -> ResponseReturnValue:
    """Put a wording in force, or show it first."""
    (kind, language), brigade = _kind(code), _brigade()
    form = texts_form(kind, language)
    if not form.validate_on_submit():
        return _page(kind, language, form, 422)
    worded = {piece.name: form[piece.name].data or "" for piece in kind.texts}
    try:
        if "preview" in request.form:
            job = wording.preview_wording(viewer, brigade=brigade, kind=kind, language=language, worded=worded)
            db.session.commit()
            return redirect(url_for("documents.preview", job_id=job.id))
        new = wording.reword(
            viewer,
            brigade=brigade,
            kind=kind,
            language=language,
            worded=worded,
            numbering=form["numbering"].data or "" if "numbering" in form else "",
            based_on=_based_on(form),
        )
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return _page(kind, language, form, 422)
    db.session.commit()
    flash(_("已保存为第 %(version)d 版，今后签发的文书使用新文字。", version=new.version), "ok")
    return redirect(url_for("documents.wording_of", code=code, language=language))


def _based_on(form: Form) -> int:
    typed = str(form["based_on"].data or "")
    return int(typed) if typed.isdecimal() else -1


@bp.post("/admin/texts/<code>/reset")
@requires(Permission.CHANGE_SETTINGS)
def reset_wording(code: str) -> ResponseReturnValue:
    """Return to the program's own wording, as a new version."""
    (kind, language), brigade = _kind(code), _brigade()
    form = texts_form(kind, language)
    try:
        wording.reset(viewer, brigade=brigade, kind=kind, language=language, based_on=_based_on(form))
    except DomainError as problem:
        db.session.rollback()
        form = _form_in_force(kind, language)
        form.add_problem(problem)
        return _page(kind, language, form, 422)
    db.session.commit()
    flash(_("已恢复系统默认文字。"), "ok")
    return redirect(url_for("documents.wording_of", code=code, language=language))
