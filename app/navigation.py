"""Which menu entry each page lights, and which entries a viewer gets (data, tested for completeness)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.accounts.access import signed_in
from app.accounts.policy import Permission


@dataclass(frozen=True)
class Entry:
    """One entry of the menu: shown to who has the permission, lit by the endpoints that begin with one of `lit_by`."""

    label: str
    endpoint: str
    permission: Permission
    lit_by: tuple[str, ...]


MENU = (
    Entry(_l("今日"), "reporting.home", Permission.SEE_BRIGADE_HOME, ("reporting.",)),
    Entry(_l("我的学校"), "portal.home", Permission.SEE_PORTAL, ("portal.",)),
    Entry(lazy_pgettext("menu", "学校"), "schools.index", Permission.SEE_SCHOOLS, ("schools.",)),
    Entry(_l("器材"), "equipment.index", Permission.SEE_EQUIPMENT, ("equipment.",)),
    Entry(
        _l("检查"),
        "inspections.index",
        Permission.SEE_INSPECTIONS,
        ("inspections.", "planning.", "workcalendar.", "fieldwork.", "certificates.", "sync."),
    ),
    Entry(_l("整改"), "rectification.index", Permission.SEE_FINDINGS, ("rectification.", "casefiles.")),
    Entry(_l("演练"), "drills.index", Permission.SEE_DRILLS, ("drills.",)),
    Entry(_l("培训"), "trainings.index", Permission.SEE_TRAININGS, ("trainings.",)),
    Entry(
        lazy_pgettext("menu", "职责"),
        "duties.index",
        Permission.SEE_DUTIES,
        ("duties.", "tasks.", "measures.", "selfchecks.", "questions.", "handbook."),
    ),
    Entry(_l("文书"), "documents.index", Permission.SEE_DOCUMENTS, ("documents.",)),
    Entry(
        _l("管理"),
        "accounts.admin",
        Permission.OWN_ACCOUNT,
        ("accounts.", "notifications.", "regulations.", "organisations.", "audit.", "teams."),
    ),
)


def entries() -> list[tuple[str, str, bool]]:
    """The viewer's menu: (label, address, whether this page belongs to it)."""
    found = signed_in()
    if found is None:
        return []
    here = request.endpoint or ""
    return [
        (str(entry.label), url_for(entry.endpoint), here.startswith(entry.lit_by))
        for entry in MENU
        if found.may(entry.permission) and entry.endpoint in current_app.view_functions
    ]


@dataclass(frozen=True)
class AdminEntry:
    """One line of the administration's hub."""

    label: Any
    hint: Any
    endpoint: str
    permissions: tuple[Permission, ...]
    href: str = ""


ADMINISTRATION = (
    (
        _l("本人"),
        (AdminEntry(_l("我的账号"), _l("联系方式、密码、登录的设备"), "accounts.account", (Permission.OWN_ACCOUNT,)),),
    ),
    (
        _l("人员"),
        (
            AdminEntry(
                _l("人员与岗位"),
                _l("邀请、交接、结束任职、停用账号"),
                "accounts.people",
                (Permission.MANAGE_PEOPLE, Permission.INVITE_SCHOOL_STAFF),
            ),
            AdminEntry(
                _l("邀请记录"),
                _l("发出的邀请及其状态"),
                "accounts.invitations",
                (Permission.MANAGE_PEOPLE, Permission.INVITE_SCHOOL_STAFF),
            ),
            AdminEntry(_l("操作记录"), _l("谁在何时做了什么"), "accounts.audit", (Permission.SEE_AUDIT,)),
        ),
    ),
    (
        _l("消息"),
        (
            AdminEntry(
                _l("消息发送记录"),
                _l("送出、等待和未送出的消息及原因"),
                "notifications.log",
                (Permission.SEE_MESSAGES,),
            ),
            AdminEntry(
                _l("电话通知单"),
                _l("没有邮箱和手机的学校，逐校打电话"),
                "notifications.calls",
                (Permission.SEE_MESSAGES,),
            ),
        ),
    ),
    (
        _l("单位"),
        (
            AdminEntry(
                _l("单位资料"), _l("名称、机关代字、下属单位"), "accounts.brigade", (Permission.MANAGE_BRIGADE,)
            ),
            AdminEntry(
                _l("设置"), _l("审批、期限、提醒、文书编号"), "accounts.settings", (Permission.CHANGE_SETTINGS,)
            ),
            AdminEntry(_l("检查分组"), _l("组员、负责的学校、移交"), "teams.index", (Permission.SEE_TEAMS,)),
            AdminEntry(
                _l("平板登记"), _l("带走的学校、没有传回的内容、遗失"), "sync.devices", (Permission.SEE_TABLETS,)
            ),
            AdminEntry(
                _l("文书用语"),
                _l("各种文书的文字、预览、历次版本"),
                "documents.all_wordings",
                (Permission.CHANGE_SETTINGS,),
            ),
        ),
    ),
    (
        _l("规程与日历"),
        (
            AdminEntry(
                _l("检查规程"), _l("检查项、依据、待核条款、学校职责"), "regulations.packs", (Permission.SEE_PACKS,)
            ),
            AdminEntry(
                _l("放假与学期"),
                _l("全国和地方放假、调休上班、学期"),
                "regulations.calendars",
                (Permission.SEE_PACKS, Permission.EDIT_CALENDARS),
            ),
            AdminEntry(
                _l("学校职责的采用"),
                _l("学校自查的职责，由大队决定哪些计入"),
                "duties.rules",
                (Permission.ADOPT_DUTIES,),
            ),
        ),
    ),
)


def administration() -> list[tuple[str, list[AdminEntry]]]:
    """The sections of the hub that have something for this viewer, with their addresses."""
    found = signed_in()
    if found is None:
        return []
    sections = []
    for title, lines in ADMINISTRATION:
        shown = [
            replace(line, href=url_for(line.endpoint))
            for line in lines
            if line.endpoint in current_app.view_functions and any(found.may(p) for p in line.permissions)
        ]
        if shown:
            sections.append((str(title), shown))
    return sections


def register(app: Flask) -> None:
    """Give templates the menu and the hub of administration."""
    app.context_processor(lambda: {"navigation": entries()})
    app.jinja_env.globals["administration"] = administration
