"""What can go wrong in words a person can act on, and the pages that say so."""

from __future__ import annotations

from http import HTTPStatus

import sqlalchemy as sa
from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.core.extensions import db


class DomainError(Exception):
    """The user can do something about this. `message` is a whole sentence; `field` names a form field, if one is meant."""

    def __init__(self, message: str, *, field: str | None = None, code: str = "refused") -> None:
        super().__init__(message)
        self.message = str(message)
        self.field = field
        self.code = code


#: Name of a constraint → the sentence for the person whose act it refused. Features add theirs.
CONSTRAINT_SENTENCES: dict[str, str] = {}


def sentence_for(problem: sa.exc.IntegrityError) -> str | None:
    """The sentence of the constraint that refused a write, or None when nobody wrote one."""
    text = str(problem.orig)
    return next((str(said) for name, said in CONSTRAINT_SENTENCES.items() if name in text), None)


def wants_json() -> bool:
    """Whether a program asks: a tablet or the API, unless a person has opened the address as a page."""
    best = request.accept_mimetypes.best
    return best == "application/json" or (request.path.startswith(("/sync/", "/api/")) and best != "text/html")


def _answer(status: int, title: str, message: str, code: str = "") -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=code or HTTPStatus(status).phrase.lower().replace(" ", "_"), message=message), status
    return render_template("errors/problem.html", status=status, title=title, message=message), status


def _http_error(problem: HTTPException) -> ResponseReturnValue:
    status = problem.code or 500
    sentences = {
        400: (_("请求无法处理"), _("收到的内容不完整或不正确。请返回上一页核对后重试，已保存的内容不会丢失。")),
        403: (_("无权操作"), _("您的岗位不能查看或办理这项内容。如确需办理，请联系大队内勤。")),
        404: (_("没有找到"), _("地址不存在，或不在您的查看范围内。请从首页或列表进入。")),
        405: (_("请求无法处理"), _("请从页面上的按钮进行操作。")),
        413: (_("文件太大"), _("上传的内容超过限制，未保存。请减少文件数量或缩小照片后重试。")),
        429: (_("操作太频繁"), _("尝试次数过多，请稍候再试。")),
        503: (_("暂时无法服务"), _("系统正忙或正在维护，请稍后重试。")),
    }
    title, message = sentences.get(status, (_("出现问题"), _("操作没有完成，请重试；如多次出现请联系管理员。")))
    return _answer(status, title, message)


def csrf_error(_problem: CSRFError) -> ResponseReturnValue:
    """The page for a form that is no longer good, where nothing can be kept of it."""
    return _answer(
        400,
        _("页面已过期"),
        _("这一页打开太久或登录已变化，内容尚未提交。请返回上一页，刷新后再提交。"),
        "csrf",
    )


def _domain_error(problem: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    return _answer(409, _("未能完成"), problem.message, problem.code)


def _integrity_error(problem: sa.exc.IntegrityError) -> ResponseReturnValue:
    db.session.rollback()
    said = sentence_for(problem)
    if said is None:
        raise problem
    return _answer(409, _("未能完成"), said, "constraint")


def _busy(problem: sa.exc.OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    text = str(problem.orig).lower()
    if "locked" in text or "disk" in text or "full" in text:
        return _answer(
            503, _("暂时无法保存"), _("数据库正忙或磁盘已满，本次内容未保存。请保留此页，稍后再试。"), "busy"
        )
    raise problem


def register(app: Flask) -> None:
    """Attach the pages for errors."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(sa.exc.IntegrityError, _integrity_error)
    app.register_error_handler(sa.exc.OperationalError, _busy)
    app.register_error_handler(
        500, lambda _p: _answer(500, _("系统出错"), _("系统出现错误，已记录。您已保存的内容不受影响，请稍后重试。"))
    )
