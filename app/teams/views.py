"""Teams: the list, one team, handing schools over, what was handed over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import paging
from app.core.acts import done, made
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised
from app.core.web import found
from app.organisations import queries as organisations
from app.schools.forms import FilterForm
from app.schools.models import School, SchoolKind
from app.schools.queries import register
from app.teams import queries, service, words
from app.teams.brought import kinds
from app.teams.forms import EndForm, HandOverForm, MemberForm, NameForm, some_id
from app.teams.models import Team, TeamMember
from app.teams.rules import MOST_SCHOOLS

bp = Blueprint("teams", __name__)
#: The value of a choice: schools are to go to nobody.
NOBODY = "nobody"


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of teams ask for."""
    return {"along": words.along, "kinds": kinds}


def _neighbours(endpoint: str, page: paging.Page[Any], **values: Any) -> dict[str, str]:
    kept = {key: value for key, value in request.args.items() if key != "page" and value} | values

    def to(key: str | None) -> str:
        return url_for(endpoint, **(kept | {"page": key})) if key else ""

    return {"next": to(page.next_key), "previous": to(page.previous_key)}


@bp.get("/admin/teams")
@requires(Permission.SEE_TEAMS)
def index() -> ResponseReturnValue:
    """The teams, how many schools no team has, and the last hand-overs."""
    return _list(NameForm(formdata=None))


def _list(form: NameForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "teams/index.html",
        lines=queries.lines(viewer),
        without=queries.number_without(viewer),
        handed=queries.latest_hand_overs(viewer),
        form=form,
    )
    return page, status


@bp.post("/admin/teams")
@requires(Permission.KEEP_TEAMS)
def new() -> ResponseReturnValue:
    """A new team."""
    form = NameForm()
    if form.validate_on_submit():
        team = made(form, lambda: service.found(viewer, name=form.name.data or ""))
        if team is not None:
            flash(_("分组已建立，请选定成员。"))
            return redirect(url_for(".show", team_id=team.id))
    return _list(form, 422)


def _kept(team_id: uuid.UUID) -> Team:
    """A team that the viewer may change; one that is only seen is refused."""
    team = found(queries.team(viewer, team_id))
    if not queries.keeps(viewer, team):
        abort(403)
    return team


def _page(team: Team, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    keeps = queries.keeps(viewer, team) and team.retired_on is None
    member_form = forms.get("member_form") or MemberForm(formdata=None)
    if keeps:
        people = accounts.holders([team.brigade_id], roles=service.MEMBERS)
        member_form.offer((one.id, one.name) for one in people)
    listed = queries.schools_of(team, key=request.args.get("page"))
    page = render_template(
        "teams/show.html",
        team=team,
        keeps=keeps,
        members=queries.members_of([team.id], past_too=True).get(team.id, []),
        number=queries.number_of(team),
        lines=listed.rows,
        handed=queries.latest_hand_overs(viewer, of=team),
        member_form=member_form,
        name_form=forms.get("name_form") or NameForm(formdata=None, name=team.name),
        **_neighbours(".show", listed, team_id=team.id),
    )
    return page, status


@bp.get("/admin/teams/<uuid:team_id>")
@requires(Permission.SEE_TEAMS)
def show(team_id: uuid.UUID) -> ResponseReturnValue:
    """One team: who belongs to it, its schools, its hand-overs."""
    return _page(found(queries.team(viewer, team_id)))


@bp.post("/admin/teams/<uuid:team_id>/name")
@requires(Permission.KEEP_TEAMS)
def rename(team_id: uuid.UUID) -> ResponseReturnValue:
    """Another name."""
    team, form = _kept(team_id), NameForm()
    if form.validate_on_submit() and done(form, lambda: service.rename(viewer, team, name=form.name.data or "")):
        flash(_("已保存。"))
        return redirect(url_for(".show", team_id=team_id))
    return _page(_kept(team_id), status=422, name_form=form)


@bp.post("/admin/teams/<uuid:team_id>/retire")
@requires(Permission.KEEP_TEAMS)
def retire(team_id: uuid.UUID) -> ResponseReturnValue:
    """End a team."""
    service.retire(viewer, _kept(team_id))
    db.session.commit()
    flash(_("分组已撤销，记录保留。"))
    return redirect(url_for(".index"))


@bp.post("/admin/teams/<uuid:team_id>/members")
@requires(Permission.KEEP_TEAMS)
def take_in(team_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody belongs to the team from a day on."""
    team, form = _kept(team_id), MemberForm()
    form.offer((one.id, one.name) for one in accounts.holders([team.brigade_id], roles=service.MEMBERS))
    if form.validate_on_submit():
        said: dict[str, Any] = {
            "person_id": some_id(form.person_id.data),
            "is_leader": form.is_leader.data,
            "from_day": form.from_day.data,
        }
        if made(form, lambda: service.take_in(viewer, team, **said)):
            flash(_("已保存。"))
            return redirect(url_for(".show", team_id=team_id))
    return _page(_kept(team_id), status=422, member_form=form)


@bp.post("/admin/teams/<uuid:team_id>/members/<uuid:member_id>/end")
@requires(Permission.KEEP_TEAMS)
def end_member(team_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody belongs to the team no more after a day."""
    team, form = _kept(team_id), EndForm()
    member = found(db.session.get(TeamMember, member_id))
    if member.team_id != team.id:
        abort(404)
    if not form.validate_on_submit():
        raise DomainError(_("请填写今天或以后的日期。"))
    service.let_go(viewer, team, member, last_day=form.last_day.data)
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for(".show", team_id=team_id))


def _wanted(lines: Sequence[queries.Line]) -> tuple[FilterForm, register.Wanted]:
    """Which schools the page of handing over lists: the filters of the list of schools."""
    form = FilterForm(request.args)
    areas = register.areas_in_use(viewer)
    form.area.choices = [SelectChoice("", _("全部"))]
    form.area.choices += [SelectChoice(area.code, localised(area.name, area.name_en)) for area in areas]
    form.group.choices = [SelectChoice("", _("全部")), SelectChoice(queries.NONE, _("没有分组"))]
    for line in lines:
        form.group.choices.append(SelectChoice(str(line.team.id), line.team.name))
        form.group.choices += [
            SelectChoice(f"{line.team.id}:{one.row.person_id}", f"{line.team.name} · {one.name}")
            for one in line.members
        ]
    form.forget_nonsense()
    wanted = register.Wanted(
        text=request.args.get("q", "")[:200],
        kind=SchoolKind(form.kind.data) if form.kind.data else None,
        area_code=form.area.data or "",
        group=form.group.data or "",
        brigade_id=viewer.own_brigade_id,
    )
    return form, wanted


def _receivers(lines: Sequence[queries.Line]) -> list[tuple[str, str, str]]:
    """Whom schools may go to: each team as a whole, and each of its members."""
    found_: list[tuple[str, str, str]] = []
    for line in lines:
        if line.team.brigade_id != viewer.own_brigade_id:
            continue
        found_.append((str(line.team.id), _("%(team)s（全组）", team=line.team.name), line.team.name))
        found_ += [(f"{line.team.id}:{one.row.person_id}", one.name, line.team.name) for one in line.members]
    return found_


def _target(choice: str) -> service.Target:
    if choice == NOBODY:
        return service.Target()
    team_id, _sep, officer = choice.partition(":")
    team = found(queries.team(viewer, uuid.UUID(team_id)))
    return service.Target(team=team, officer_id=some_id(officer))


def _meant(form: HandOverForm, wanted: register.Wanted) -> Sequence[School]:
    """The schools ticked, or all that the filters leave."""
    if form.which.data == "all":
        return register.everything(viewer, wanted, most=MOST_SCHOOLS + 1)
    return list(register.by_ids(viewer, form.ticked()).values())


@bp.route("/admin/teams/hand-over", methods=["GET", "POST"])
@requires(Permission.KEEP_TEAMS)
def hand_over() -> ResponseReturnValue:
    """Hand schools over: filter, tick or take all, and say to whom from which day on."""
    lines = queries.lines(viewer)
    filter_form, wanted = _wanted(lines)
    page = register.find(viewer, wanted, key=request.args.get("page"))
    number = register.number_of(viewer, wanted)
    form = HandOverForm()
    shown = [(one.id, localised(one.name, one.name_en)) for one in page.rows]
    form.offer(number=number, schools=shown, to=_receivers(lines))
    if form.validate_on_submit():
        act = {"from_day": form.from_day.data, "note": form.note.data or "", "visits_too": form.visits_too.data}
        row = made(
            form,
            lambda: service.hand_over(
                viewer,
                hand_over_id=form.hand_over_id(),
                schools=_meant(form, wanted),
                to=_target(form.to.data),
                **act,
            ),
        )
        if row is not None:
            flash(ngettext("已移交 %(num)d 所学校。", "已移交 %(num)d 所学校。", row.number))
            return redirect(url_for(".handed", hand_over_id=row.id))
    shown_page = render_template(
        "teams/hand_over.html",
        form=form,
        filter_form=filter_form,
        wanted=wanted,
        number=number,
        schools=page.rows,
        teams=queries.names(viewer, [one.id for one in page.rows]),
        areas=organisations.area_names(one.area_code for one in page.rows),
        **_neighbours(".hand_over", page),
    )
    return shown_page, 422 if request.method == "POST" else 200


@bp.get("/admin/teams/hand-overs/<uuid:hand_over_id>")
@requires(Permission.SEE_TEAMS)
def handed(hand_over_id: uuid.UUID) -> ResponseReturnValue:
    """One hand-over: its schools, who had each, and what was open there."""
    one = found(queries.hand_over(viewer, hand_over_id))
    page = queries.schools_handed(one.row, key=request.args.get("page"))
    more = _neighbours(".handed", page, hand_over_id=hand_over_id)
    return render_template("teams/handed.html", handed=one, lines=page.rows, **more)
