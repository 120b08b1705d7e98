"""The blueprint of everything under /sync, and how it says that something went wrong."""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import ClientDisconnected

from app.core.extensions import db

bp = Blueprint("sync", __name__)
View = TypeVar("View", bound=Callable[..., Any])
CHUNK = 64 * 1024


def refusal(status: int, code: str, message: str = "", **more: Any) -> tuple[Response, int]:
    """An error as a tablet reads it."""
    said = message or str(_sentence(code))
    return jsonify({"error": code, "message": said} | more), status


def _sentence(code: str) -> Any:
    return {
        "cut": _("内容没有传完，请重新发送。"),
        "too_old": _("页面版本太旧，请更新后再发送；未发送的内容都还在平板上。"),
        "too_many": _("一次发送的内容太多，请分批发送。"),
        "too_large": _("文件太大，不能接收。"),
        "offset": _("文件的位置不对，请从服务器给出的位置继续。"),
        "hash": _("文件内容与名称不符，请从头重新发送。"),
        "busy": _("系统正忙，请稍后重试；未发送的内容都还在平板上。"),
        "disk_full": _("服务器磁盘已满，这次没有保存；内容都还在平板上，请稍后再发送，并告知管理员。"),
    }.get(code, _("收到的内容不完整或不正确，请刷新页面后重试。"))


def received(most: int) -> tuple[bytes, bool]:
    """The body as far as it came, and whether it is whole: the web server passes on what was cut without a word."""
    expected, parts, size = request.content_length or 0, [], 0
    try:
        while size <= most and (part := request.stream.read(CHUNK)):
            parts.append(part)
            size += len(part)
    except (OSError, ClientDisconnected):
        return b"".join(parts), False
    return b"".join(parts), size == expected


def keeps_its_word(view: View) -> View:
    """When the disk or the database gives way, nothing is stored and the answer says so in words a tablet understands."""

    @wraps(view)
    def safe(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except sa.exc.OperationalError as problem:
            db.session.rollback()
            if "full" in str(problem.orig).lower():
                return refusal(507, "disk_full")
            return refusal(503, "busy")
        except OSError as problem:
            db.session.rollback()
            if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return refusal(507, "disk_full")

    return safe  # type: ignore[return-value]
