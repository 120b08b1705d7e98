"""A brigade words its papers: a new version each time, the old ones kept."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock, jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import composing, frozen, queries, texts
from app.documents.kinds import DocumentKind
from app.documents.models import NUMBERING, PaperTexts
from app.documents.service.issuing import PREVIEW
from app.organisations.models import Brigade
from app.organisations.setting_kinds import NumberPattern

LONGEST = 3000
LONGEST_NUMBER = 60


def reword(
    viewer: Viewer,
    *,
    brigade: Brigade,
    kind: DocumentKind,
    language: str,
    worded: Mapping[str, str],
    numbering: str = "",
    based_on: int,
) -> PaperTexts:
    """Put a new wording, and for the official language a pattern of numbers, in force for papers issued from now on.

    `based_on` is the version that the person saw.
    """
    _check_may(viewer, brigade)
    _check_texts(kind, language, worded)
    own = texts.defaults(kind, language)
    changed = {name: text for name, text in _tidied(worded).items() if text != own[name]}
    if numbering and numbering != kind.numbering:
        changed[NUMBERING] = _checked_numbering(brigade, kind, language, numbering)
    return _put_in_force(viewer, brigade, kind, language, changed, based_on=based_on)


def reset(viewer: Viewer, *, brigade: Brigade, kind: DocumentKind, language: str, based_on: int) -> PaperTexts:
    """Return to the program's own wording; the brigade's versions stay on record."""
    _check_may(viewer, brigade)
    return _put_in_force(viewer, brigade, kind, language, {}, based_on=based_on)


def preview_wording(
    viewer: Viewer, *, brigade: Brigade, kind: DocumentKind, language: str, worded: Mapping[str, str]
) -> jobs.Job:
    """Leave the job that shows the kind's example in this wording, before it is put in force."""
    _check_may(viewer, brigade)
    _check_texts(kind, language, worded)
    envelope = composing.sample_envelope(kind, language, worded=_tidied(worded), preview=True)
    arguments = {
        "text": composing.freeze(envelope, kind.context.sample(language)),
        "copy": kind.file_copies[-1].value,
        "sample_of": kind.code,
    }
    return jobs.enqueue(PREVIEW, arguments, by=viewer.person_id)


def _tidied(worded: Mapping[str, str]) -> dict[str, str]:
    return {name: "\n".join(line.strip() for line in text.split("\n")).strip() for name, text in worded.items()}


def _check_may(viewer: Viewer, brigade: Brigade) -> None:
    if not viewer.may(Permission.CHANGE_SETTINGS) or brigade.id not in viewer.brigade_ids:
        raise DomainError(_("您的岗位不能修改文书用语。"))


def _check_texts(kind: DocumentKind, language: str, worded: Mapping[str, str]) -> None:
    pieces = {piece.name: piece for piece in kind.texts}
    if set(worded) != set(pieces) or language not in kind.languages:
        raise DomainError(_("文书用语与文书种类不符，请刷新页面。"))
    for name, text in worded.items():
        if len(text) > LONGEST:
            raise DomainError(_("每段文字最多 %(most)d 个字。", most=LONGEST), field=name)
        strange = texts.unknown_places(text, pieces[name], language)
        if strange:
            raise DomainError(
                _("花括号中的“%(place)s”不是可用的填写项，请对照下方列出的填写项。", place=strange[0]), field=name
            )
        missing = texts.missing_places(text, pieces[name], language)
        if missing:
            raise DomainError(_("缺少填写项 {%(place)s}，少了它文书内容不完整。", place=missing[0]), field=name)


def _checked_numbering(brigade: Brigade, kind: DocumentKind, language: str, numbering: str) -> str:
    if kind.number_setting or language != kind.languages[0]:
        raise DomainError(_("这种文书的编号格式在“设置”中填写。"), field=NUMBERING)
    pattern = NumberPattern(group="", label="", hint="", mark=None, default="")
    numbering = pattern.tidied(numbering)
    problem = pattern.problem(numbering)
    if problem is not None:
        raise DomainError(str(problem), field=NUMBERING)
    if len(kind.number(code_word=brigade.code_word, year=9999, serial=9999, pattern=numbering)) > LONGEST_NUMBER:
        raise DomainError(_("编号最多 %(most)d 个字。", most=LONGEST_NUMBER), field=NUMBERING)
    return numbering


def _put_in_force(
    viewer: Viewer, brigade: Brigade, kind: DocumentKind, language: str, changed: dict[str, str], *, based_on: int
) -> PaperTexts:
    latest = queries.latest_wording(brigade.id, kind, language)
    version = latest.version if latest else 0
    if version != based_on:
        raise DomainError(_("在您修改期间，别人已保存了第 %(version)d 版，请刷新后再改。", version=version))
    if changed == (latest.texts if latest else {}):
        raise DomainError(_("文字没有变化，不需要保存新版本。"))
    new = PaperTexts(
        brigade_id=brigade.id,
        kind=kind.code,
        language=language,
        version=version + 1,
        texts=changed,
        made_at=clock.now(),
        made_by_id=viewer.person_id,
        made_by_name=viewer.name,
    )
    db.session.add(new)
    db.session.flush()
    audit.record(
        viewer,
        "document.reword",
        subject="paper_texts",
        subject_id=new.id,
        detail={
            "kind": kind.code,
            "language": language,
            "version": new.version,
            "texts_sha256": frozen.digest(frozen.canonical(changed)),
        },
    )
    db.session.flush()
    return new
