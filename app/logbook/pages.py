"""What the pages of every log do alike: choosing the school, adding photos, taking back, making the numbered record."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import viewer
from app.core.acts import done
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import LANGUAGES
from app.core.pictures import is_readable, unpack_ahead
from app.core.web import found
from app.documents import queries as papers
from app.documents import service as documents
from app.documents.kinds import DocumentKind
from app.fieldwork import queries as fieldwork
from app.logbook import queries, service
from app.logbook.documents import brigade_of
from app.logbook.filling import PhotosForm, WithdrawForm
from app.logbook.models import Entry
from app.schools import queries as schools
from app.schools.models import School

#: The page of an entry once more, with the form that was refused.
Again = Callable[..., ResponseReturnValue]


def school_named() -> School | None:
    """The school that the address names."""
    try:
        wanted = uuid.UUID(request.args.get("school", ""))
    except ValueError:
        return None
    return found(schools.get(viewer, wanted))


def school_to_log_for() -> School:
    """The school in the address, else the only one of a school's own people."""
    school = school_named()
    if school is None and len(viewer.school_ids) == 1 and viewer.is_school:
        school = schools.get(viewer, next(iter(viewer.school_ids)))
    if school is None:
        abort(404)
    if not schools.serves(viewer, school):
        abort(403)
    return school


def neighbours(endpoint: str, page: Any, **values: Any) -> dict[str, Any]:
    """The addresses of the pages before and after, and whether the list is filtered; `values` is what the address names."""
    kept = {key: value for key, value in request.args.items() if key != "page" and value} | values
    return {
        "next": url_for(endpoint, **(kept | {"page": page.next_key})) if page.next_key else "",
        "previous": url_for(endpoint, **(kept | {"page": page.previous_key})) if page.previous_key else "",
        "is_filtered": bool(request.query_string),
    }


def shown(
    entry: Entry, school: School, *, photos_form: PhotosForm | None = None, form: WithdrawForm | None = None
) -> dict[str, Any]:
    """What the page of every entry shows: its school, photos and papers, who logged it, and the forms."""
    return {
        "school": school,
        "photos": fieldwork.photos_of(entry.target, [entry.id]),
        "papers": papers.about(viewer, entry.target.value, {entry.id}),
        "logged_by": queries.name_of(entry.logged_by_id),
        "serves": schools.serves(viewer, school),
        "may_withdraw": service.may_withdraw(viewer, entry),
        "photos_form": photos_form or PhotosForm(),
        "form": form or WithdrawForm(),
        "languages": LANGUAGES,
    }


def must_serve(entry: Entry) -> None:
    """Refuse what is done with an entry of a school that the viewer only sees."""
    if not schools.serves(viewer, found(schools.get(viewer, entry.school_id))):
        abort(403)


def readable(photos: list[tuple[str, bytes]]) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Those of the photos that can be kept, unpacked before anything is written, and the sentences about the others."""
    problems = unpack_ahead(photos) if len(photos) <= service.MOST_PHOTOS else []
    return [photo for photo in photos if not problems or is_readable(photo[1])], problems


def tell_of(problems: list[str]) -> None:
    """Say on the next page which photos were not kept."""
    for problem in problems:
        flash(problem, "warning")


def add_photos(entry: Entry, again: Again, address: str) -> ResponseReturnValue:
    """Keep the photos that were sent for an entry."""
    form = PhotosForm()
    chosen = form.photos.chosen()
    if not form.validate_on_submit() or not chosen:
        form.photos.errors = [_("请选择照片。")]
        return again(photos_form=form, status=422)
    good, problems = readable(chosen)
    if not good:
        form.photos.errors = problems
        return again(photos_form=form, status=422)
    if not done(form, lambda: service.add_photos(viewer, entry, good)):
        return again(photos_form=form, status=422)
    flash(_("照片已保存。"))
    tell_of(problems)
    return redirect(address)


def withdraw(entry: Entry, again: Again, address: str) -> ResponseReturnValue:
    """Take an entry back, with the reason that was given."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        return again(form=form, status=422)
    service.withdraw(viewer, entry, reason=form.reason.data or "")
    db.session.commit()
    flash(_("已撤回，理由已存档。"))
    return redirect(address)


def _language(kind: DocumentKind) -> str:
    chosen = request.form.get("language", "")
    return chosen if chosen in kind.languages else kind.languages[0]


def preview(entry: Entry, kind: DocumentKind, record: Callable[[str], Any]) -> ResponseReturnValue:
    """The paper as it would look, without number; `record` gives what it prints in a language."""
    language = _language(kind)
    job = documents.preview(kind, record(language), brigade=brigade_of(entry), by=viewer, language=language)
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job.id))


def issue(entry: Entry, kind: DocumentKind, record: Callable[[str], Any]) -> ResponseReturnValue:
    """The record with a number, once in each language."""
    language = _language(kind)
    if entry.withdrawn_at is not None:
        raise DomainError(_("记录已撤回，不能制作文书。"))
    standing = papers.about(viewer, entry.target.value, {entry.id}, only_valid=True)
    known = [paper for paper in standing if paper.language == language]
    document = known[0] if known else None
    if document is None:
        document = documents.issue(
            kind,
            record(language),
            brigade=brigade_of(entry),
            by=viewer,
            subject=(entry.target.value, entry.id),
            school=found(schools.get(viewer, entry.school_id)),
            language=language,
        )
        db.session.commit()
    return redirect(url_for("documents.show", document_id=document.id))
