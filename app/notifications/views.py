"""Pages of messages: one's own, how one wants to be told, the office's log, and the call list."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.notifications import queries, service
from app.notifications.forms import CallForm, LogFilter, PreferenceForm
from app.notifications.queries import Choice
from app.notifications.rules import Wishes
from app.notifications.words import CHANNELS, KINDS, LOOKS, OUTCOMES, REASONS, STATES

bp = Blueprint("notifications", __name__)
bp.app_context_processor(
    lambda: {
        "message_words": {
            "channels": CHANNELS,
            "kinds": KINDS,
            "states": STATES,
            "looks": LOOKS,
            "outcomes": OUTCOMES,
            "reasons": REASONS,
        }
    }
)


@bp.get("/messages")
@requires(Permission.OWN_ACCOUNT)
def inbox() -> ResponseReturnValue:
    """What the viewer was told, the newest first."""
    return render_template("notifications/inbox.html", found=queries.inbox(viewer, key=request.args.get("page")))


@bp.post("/messages/<uuid:notice_id>/open")
@requires(Permission.OWN_ACCOUNT)
def open_notice(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Go to what a notice is about; it counts as read."""
    notice, page = found(queries.own_notice(viewer, notice_id))
    service.read(viewer, notice=notice)
    db.session.commit()
    return redirect(page or url_for("notifications.inbox"))


@bp.post("/messages/read")
@requires(Permission.OWN_ACCOUNT)
def read_all() -> ResponseReturnValue:
    """Count all my notices as read."""
    service.read_all(viewer)
    db.session.commit()
    flash(_("已全部标为已读。"))
    return redirect(url_for("notifications.inbox"))


@bp.route("/account/messages", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def settings() -> ResponseReturnValue:
    """How I want to be told."""
    form = PreferenceForm(obj=queries.preference(viewer))
    if form.validate_on_submit():
        wishes = Wishes(
            quiet_from=int(form.quiet_from.data),
            quiet_to=int(form.quiet_to.data),
            weekends=form.weekends.data,
            urgent_waits=form.urgent_waits.data,
        )
        service.prefer(viewer, language=form.language.data, channel=form.channel.data, wishes=wishes)
        db.session.commit()
        flash(_("接收方式已保存。"))
        return redirect(url_for("accounts.account"))
    return render_template("notifications/settings.html", form=form), 422 if request.method == "POST" else 200


@bp.get("/admin/messages")
@requires(Permission.SEE_MESSAGES)
def log() -> ResponseReturnValue:
    """What was sent, what waits, what failed and why."""
    form = LogFilter(request.args)
    choice = Choice(state=form.state.data or "", channel=form.channel.data or "", search=form.q.data or "")
    return render_template(
        "notifications/log.html",
        form=form,
        found=queries.log(viewer, choice, key=request.args.get("page")),
        counts=queries.counts(viewer),
        roads=queries.roads_set_up(viewer),
        untold=queries.untold(viewer),
        keep={name: request.args.get(name, "") for name in ("state", "channel", "q")},
    )


@bp.get("/admin/messages/<uuid:message_id>")
@requires(Permission.SEE_MESSAGES)
def message(message_id: uuid.UUID) -> ResponseReturnValue:
    """One message: its words and every attempt."""
    sent = found(queries.get(viewer, message_id))
    return render_template(
        "notifications/message.html",
        sent=sent,
        attempts=queries.attempts(message_id),
        lines=queries.lines_of([message_id]).get(message_id, []),
    )


@bp.post("/admin/messages/<uuid:message_id>/again")
@requires(Permission.SEE_MESSAGES)
def try_again(message_id: uuid.UUID) -> ResponseReturnValue:
    """Try a message again at once."""
    sent = found(queries.get(viewer, message_id))
    service.try_again(viewer, message=sent.message)
    db.session.commit()
    flash(_("已安排重试，稍后在本页查看结果。"))
    return redirect(url_for("notifications.message", message_id=message_id))


@bp.post("/admin/messages/<uuid:message_id>/by-phone")
@requires(Permission.SEE_MESSAGES)
def by_phone(message_id: uuid.UUID) -> ResponseReturnValue:
    """Put a message that does not get through on the call list."""
    sent = found(queries.get(viewer, message_id))
    service.by_phone(viewer, message=sent.message)
    db.session.commit()
    flash(_("已转入电话通知单，稍后可在通知单上看到。"))
    return redirect(url_for("notifications.message", message_id=message_id))


@bp.post("/admin/messages/test")
@requires(Permission.SEE_MESSAGES)
def test() -> ResponseReturnValue:
    """Send a message to myself."""
    service.tell_myself(viewer)
    db.session.commit()
    flash(_("测试消息已交发，稍后在本页查看结果。"))
    return redirect(url_for("notifications.log"))


@bp.get("/admin/messages/calls")
@requires(Permission.SEE_MESSAGES)
def calls() -> ResponseReturnValue:
    """Schools that only the telephone reaches: whom to call and what to say; made to be printed."""
    return _calls()


def _calls(form: CallForm | None = None, called: uuid.UUID | None = None) -> ResponseReturnValue:
    page = render_template(
        "notifications/calls.html", calls=queries.calls(viewer), form=form or CallForm(formdata=None), called=called
    )
    return page, 422 if form else 200


@bp.post("/admin/messages/<uuid:message_id>/called")
@requires(Permission.SEE_MESSAGES)
def called(message_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a school was told by telephone."""
    sent = found(queries.get(viewer, message_id))
    form = CallForm()
    if not form.validate_on_submit():
        return _calls(form, message_id)
    try:
        service.note_call(viewer, message=sent.message, spoke_to=form.spoke_to.data)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _calls(form, message_id)
    db.session.commit()
    flash(_("已登记电话通知。"))
    return redirect(url_for("notifications.calls"))
