"""Is this paper genuine? For everybody, by its code or by the file."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.limits import allowed
from app.core.files import digest
from app.core.web import public
from app.documents import queries, rules
from app.documents.forms import CodeForm, FileForm
from app.documents.views.blueprint import bp

VERIFY_TRIES, VERIFY_WINDOW_S = 60, 300


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """Anybody: is this paper genuine? By its code or by the file."""
    return _verify_page(CodeForm(formdata=None), FileForm(formdata=None))


def _verify_page(code_form: CodeForm, file_form: FileForm, status: int = 200) -> ResponseReturnValue:
    return render_template("documents/verify.html", code_form=code_form, file_form=file_form), status


def _counted() -> bool:
    return allowed("verify", most=VERIFY_TRIES, window_s=VERIFY_WINDOW_S)


@bp.post("/verify")
@public
def verify_code() -> ResponseReturnValue:
    """A typed code: mistyping is told from not known by the check sign."""
    form = CodeForm()
    if form.validate_on_submit():
        code = rules.read_check_code(form.code.data)
        if code is not None:
            return redirect(url_for("documents.verdict", code=code))
        form.code.errors = [_("这不是有效的校验码，请对照文书页脚逐字核对。校验码共 12 位，不含 0、1、I、L、O。")]
    return _verify_page(form, FileForm(formdata=None), 422)


@bp.get("/verify/<code>")
@public
def verdict(code: str) -> ResponseReturnValue:
    """What the scanned or typed code says. Only misses are counted: whoever holds papers may scan all day."""
    read = rules.read_check_code(code)
    if read is not None and read != code:
        return redirect(url_for("documents.verdict", code=read))
    found = queries.verdict_by_code(read) if read else None
    if found is None and not _counted():
        abort(429)
    status = 200 if found else 404
    return render_template("documents/verdict.html", verdict=found, by_file=False, spaced=rules.spaced), status


@bp.post("/verify/file")
@public
def verify_file() -> ResponseReturnValue:
    """A file, or its hash made in the browser: genuine only when every byte is as issued."""
    form = FileForm()
    if not _counted():
        abort(429)
    if form.validate_on_submit():
        sha256 = form.sha256.data or (digest(form.file.data.read()) if form.file.data else "")
        if sha256:
            found = queries.verdict_by_file(sha256)
            return render_template("documents/verdict.html", verdict=found, by_file=True, spaced=rules.spaced)
        form.file.errors = [_("请选择要核验的 PDF 文件。")]
    return _verify_page(CodeForm(formdata=None), form, 422)
