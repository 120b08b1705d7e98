"""The door: the page behind the code on the wall, for everybody in the hall, in any browser, without script or account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NoReturn

from flask import Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.limits import allowed
from app.accounts.service import count_attempt
from app.core import clock
from app.core.acts import done
from app.core.extensions import db
from app.core.web import public
from app.schools.models import School
from app.trainings.models import TrainingSession
from app.trainings.queries import sessions as queries
from app.trainings.rules import attendance as rules
from app.trainings.service import signing
from app.trainings.session_forms import FeedbackForm, SignInForm
from app.trainings.views import bp

#: Addresses that nobody made, per network address and window; whoever tries more is told to wait.
GUESSES, WINDOW_S = 20, 300
#: What one hall sends from behind one network address, and what one device sends, in a window.
OF_A_HALL, OF_A_DEVICE = 3000, 30
DEVICE, DEVICE_LASTS_S = "xf_device", 90 * 86400


@dataclass(frozen=True)
class Opened:
    """The session that an address is of."""

    session: TrainingSession
    school: School
    token: str

    @property
    def state(self) -> rules.SignIn:
        """Whether people can sign in now."""
        one = self.session
        return rules.sign_in_state(one.sign_in_from, one.sign_in_until, one.sign_in_closed_at, now=clock.now())


def _refuse(session: TrainingSession | None) -> NoReturn:
    """The page that says why an address opens nothing."""
    if session is None and not allowed("link_guess", most=GUESSES, window_s=WINDOW_S):
        current_app.logger.warning("too many unknown links from %s", request.remote_addr)
        abort(429)
    page = render_template("trainings/door_useless.html", session=session)
    abort(make_response(page, 410 if session else 404))


def _opened(token: str) -> Opened:
    """The session behind the address."""
    found = queries.by_token(token)
    if found is None or found[0].called_off_at is not None:
        _refuse(found[0] if found else None)
    return Opened(*found, token)


def _page(
    opened: Opened, *, form: SignInForm | None = None, feedback: FeedbackForm | None = None, status: int = 200
) -> Response:
    session, device = opened.session, request.cookies.get(DEVICE, "")
    signed = signing.by_device(session, device)
    given = {"mark": str(signed.feedback), "words": signed.feedback_words} if signed and signed.feedback else {}
    page = render_template(
        "trainings/door.html",
        session=session,
        school=opened.school,
        token=opened.token,
        sign_in=opened.state,
        attendee=signed,
        has_begun=session.starts_at <= clock.now(),
        form=form or SignInForm(formdata=None),
        feedback=feedback or FeedbackForm(formdata=None, data=given),
    )
    answer = make_response(page, status)
    if not device:
        _give_device(answer, secrets.token_urlsafe(16))
    return answer


def _give_device(answer: Response, device: str) -> None:
    answer.set_cookie(
        DEVICE, device, max_age=DEVICE_LASTS_S, samesite="Lax", httponly=True, secure=request.is_secure, path="/t/"
    )


@bp.get("/t/<token>")
@public
def door(token: str) -> ResponseReturnValue:
    """Where people sign in for a session; whoever has signed in on this device sees that, and says what they think."""
    return _page(_opened(token))


def _count(session: TrainingSession, device: str) -> None:
    """Stop a device that sends on and on, and a network address that sends more than a hall does."""
    good = count_attempt(f"door:{session.id}:{request.remote_addr}", most=OF_A_HALL, window_s=WINDOW_S)
    if device:
        good &= count_attempt(f"door:{signing.device_hash(session, device)}", most=OF_A_DEVICE, window_s=WINDOW_S)
    db.session.commit()  # counted, whatever becomes of the request
    if not good:
        current_app.logger.warning("too much signing in from %s", request.remote_addr)
        abort(429)


@bp.post("/t/<token>")
@public
def sign_in(token: str) -> ResponseReturnValue:
    """Sign in; pressed twice it is one."""
    opened, known, form = _opened(token), request.cookies.get(DEVICE, ""), SignInForm()
    _count(opened.session, known)
    device = known or secrets.token_urlsafe(16)
    if form.validate_on_submit() and done(
        form,
        lambda: signing.sign_in(opened.session, name=form.name.data or "", post=form.post.data or "", device=device),
    ):
        answer = make_response(redirect(url_for(".door", token=token)))
        if not known:
            _give_device(answer, device)
        return answer
    return _page(opened, form=form, status=422)


@bp.post("/t/<token>/feedback")
@public
def give_feedback(token: str) -> ResponseReturnValue:
    """Say what one thinks of the session; said again it replaces the earlier word."""
    opened, device, form = _opened(token), request.cookies.get(DEVICE, ""), FeedbackForm()
    _count(opened.session, device)
    if form.validate_on_submit() and done(
        form,
        lambda: signing.give_feedback(
            opened.session, device=device, mark=int(form.mark.data), words=form.words.data or ""
        ),
    ):
        return redirect(url_for(".door", token=token))
    return _page(opened, feedback=form, status=422)
