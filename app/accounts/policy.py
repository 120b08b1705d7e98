"""The one table of who may do what: role → permissions. Views, buttons and menus all ask here."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l

from app.accounts.models import SCHOOL_ROLES, Role
from app.organisations.models import BrigadeKind


class Permission(enum.StrEnum):
    """An act or a view that a role may be given."""

    OWN_ACCOUNT = "own_account"
    SEE_SCHOOLS = "see_schools"
    EDIT_SCHOOLS = "edit_schools"
    IMPORT_SCHOOLS = "import_schools"
    MERGE_SCHOOLS = "merge_schools"
    SEE_EQUIPMENT = "see_equipment"
    EDIT_EQUIPMENT = "edit_equipment"
    IMPORT_EQUIPMENT = "import_equipment"
    PRINT_LABELS = "print_labels"
    SEE_INSPECTIONS = "see_inspections"
    INSPECT = "inspect"
    WITHDRAW_INSPECTIONS = "withdraw_inspections"
    SEE_FINDINGS = "see_findings"
    WITHDRAW_FINDINGS = "withdraw_findings"
    SEND_EVIDENCE = "send_evidence"
    SEE_ORDERS = "see_orders"
    DRAFT_ORDERS = "draft_orders"
    REVIEW_ORDERS = "review_orders"
    APPROVE_ORDERS = "approve_orders"
    SERVE_ORDERS = "serve_orders"
    VOID_ORDERS = "void_orders"
    DECIDE_EXTENSIONS = "decide_extensions"
    ANSWER_EVIDENCE = "answer_evidence"
    SAMPLE_CLOSURES = "sample_closures"
    NAME_DEPUTIES = "name_deputies"
    ARCHIVE_CASES = "archive_cases"
    ANSWER_ESCALATIONS = "answer_escalations"
    SEE_DRILLS = "see_drills"
    LOG_DRILLS = "log_drills"
    APPROVE_DRILLS = "approve_drills"
    IMPORT_DRILLS = "import_drills"
    IMPORT_TRAININGS = "import_trainings"
    SEE_TRAININGS = "see_trainings"
    LOG_TRAININGS = "log_trainings"
    SEE_DOCUMENTS = "see_documents"
    ISSUE_DOCUMENTS = "issue_documents"
    REVOKE_DOCUMENTS = "revoke_documents"
    SEE_COMPLAINTS = "see_complaints"
    KEEP_COMPLAINTS = "keep_complaints"
    COUNT_COMPLAINTS = "count_complaints"
    SEE_PORTAL = "see_portal"
    SEE_BRIGADE_HOME = "see_brigade_home"
    SEE_PACKS = "see_packs"
    EDIT_CALENDARS = "edit_calendars"
    MANAGE_PEOPLE = "manage_people"
    INVITE_SCHOOL_STAFF = "invite_school_staff"
    MANAGE_BRIGADE = "manage_brigade"
    CHANGE_SETTINGS = "change_settings"
    SEE_AUDIT = "see_audit"
    SEE_MESSAGES = "see_messages"
    IMPORT_ORDERS = "import_orders"
    USE_TABLETS = "use_tablets"
    SEE_TABLETS = "see_tablets"
    SEE_DUTIES = "see_duties"
    LOG_DUTIES = "log_duties"
    ADOPT_DUTIES = "adopt_duties"
    SEE_TASKS = "see_tasks"
    SEND_TASKS = "send_tasks"
    REPORT_TASKS = "report_tasks"
    KEEP_PATROLS = "keep_patrols"
    SEE_TEAMS = "see_teams"
    KEEP_TEAMS = "keep_teams"
    SEE_MEASURES = "see_measures"
    KEEP_MEASURES = "keep_measures"
    SEE_QUESTIONS = "see_questions"
    ASK_QUESTIONS = "ask_questions"
    ANSWER_QUESTIONS = "answer_questions"


P = Permission

_READ = {
    P.OWN_ACCOUNT, P.SEE_SCHOOLS, P.SEE_EQUIPMENT, P.SEE_INSPECTIONS, P.SEE_FINDINGS, P.SEE_DRILLS, P.SEE_TRAININGS,
    P.SEE_DOCUMENTS, P.SEE_ORDERS, P.SEE_DUTIES, P.SEE_TASKS,
}  # fmt: skip
_BRIGADE = _READ | {P.SEE_BRIGADE_HOME, P.SEE_PACKS, P.USE_TABLETS, P.SEE_TEAMS, P.SEE_MEASURES}
_COMPLAINTS = {P.SEE_COMPLAINTS, P.KEEP_COMPLAINTS, P.COUNT_COMPLAINTS}
_ANSWERING = {P.SEE_QUESTIONS, P.ANSWER_QUESTIONS}
_SCHOOL = _READ | {
    P.SEE_PORTAL,
    P.SEND_EVIDENCE,
    P.LOG_DRILLS,
    P.LOG_TRAININGS,
    P.USE_TABLETS,
    P.LOG_DUTIES,
    P.REPORT_TASKS,
    P.KEEP_PATROLS,
    P.SEE_QUESTIONS,
    P.ASK_QUESTIONS,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.STATION: frozenset(_BRIGADE | {P.EDIT_EQUIPMENT, P.LOG_DRILLS, P.LOG_TRAININGS, P.LOG_DUTIES}),
    Role.INSPECTOR: frozenset(
        _BRIGADE
        | _COMPLAINTS
        | _ANSWERING
        | {P.EDIT_SCHOOLS, P.EDIT_EQUIPMENT, P.PRINT_LABELS, P.INSPECT, P.LOG_DRILLS, P.LOG_TRAININGS, P.ISSUE_DOCUMENTS}
        | {P.DRAFT_ORDERS, P.SERVE_ORDERS, P.ANSWER_EVIDENCE, P.LOG_DUTIES, P.APPROVE_DRILLS, P.SEND_TASKS}
    ),
    Role.LEADER: frozenset(
        _BRIGADE
        | _COMPLAINTS
        | _ANSWERING
        | {
            P.EDIT_SCHOOLS, P.IMPORT_SCHOOLS, P.MERGE_SCHOOLS, P.EDIT_EQUIPMENT, P.IMPORT_EQUIPMENT, P.PRINT_LABELS, P.INSPECT,
            P.WITHDRAW_INSPECTIONS, P.WITHDRAW_FINDINGS, P.LOG_DRILLS, P.LOG_TRAININGS, P.ISSUE_DOCUMENTS, P.REVOKE_DOCUMENTS, P.EDIT_CALENDARS,
            P.INVITE_SCHOOL_STAFF, P.SEE_AUDIT, P.CHANGE_SETTINGS, P.DRAFT_ORDERS, P.APPROVE_ORDERS, P.SERVE_ORDERS, P.VOID_ORDERS, P.DECIDE_EXTENSIONS,
            P.ANSWER_EVIDENCE, P.SAMPLE_CLOSURES, P.NAME_DEPUTIES, P.SEE_MESSAGES,
            P.IMPORT_ORDERS,
        }
        | {P.ARCHIVE_CASES, P.SEE_TABLETS, P.LOG_DUTIES, P.ADOPT_DUTIES, P.APPROVE_DRILLS, P.IMPORT_DRILLS, P.IMPORT_TRAININGS, P.SEND_TASKS}
        | {P.KEEP_TEAMS, P.KEEP_MEASURES}
    ),
    Role.OFFICE: frozenset(
        _BRIGADE
        | _COMPLAINTS
        | _ANSWERING
        | {
            P.EDIT_SCHOOLS, P.IMPORT_SCHOOLS, P.MERGE_SCHOOLS, P.EDIT_EQUIPMENT, P.IMPORT_EQUIPMENT, P.PRINT_LABELS, P.LOG_DRILLS,
            P.LOG_TRAININGS, P.ISSUE_DOCUMENTS, P.REVOKE_DOCUMENTS, P.EDIT_CALENDARS, P.INVITE_SCHOOL_STAFF, P.CHANGE_SETTINGS,
            P.REVIEW_ORDERS, P.SERVE_ORDERS, P.SEE_MESSAGES,
            P.IMPORT_ORDERS,
        }
        | {P.ARCHIVE_CASES, P.SEE_TABLETS, P.LOG_DUTIES, P.ADOPT_DUTIES, P.APPROVE_DRILLS, P.IMPORT_DRILLS, P.IMPORT_TRAININGS, P.SEND_TASKS}
        | {P.KEEP_TEAMS, P.KEEP_MEASURES}
    ),
    Role.PRINCIPAL: frozenset(_SCHOOL | {P.INVITE_SCHOOL_STAFF}),
    Role.SAFETY_OFFICER: frozenset(_SCHOOL),
    Role.BUREAU: frozenset(_READ | {P.SEE_BRIGADE_HOME, P.ANSWER_ESCALATIONS, P.SEND_TASKS}),
    Role.DETACHMENT: frozenset(_BRIGADE | {P.COUNT_COMPLAINTS, P.ANSWER_ESCALATIONS, P.SEE_QUESTIONS}),
    Role.ADMIN: frozenset(
        {
            P.OWN_ACCOUNT, P.SEE_SCHOOLS, P.EDIT_SCHOOLS, P.IMPORT_SCHOOLS, P.MERGE_SCHOOLS, P.SEE_EQUIPMENT, P.SEE_PACKS,
            P.EDIT_CALENDARS, P.MANAGE_PEOPLE, P.INVITE_SCHOOL_STAFF, P.MANAGE_BRIGADE, P.SEE_AUDIT, P.CHANGE_SETTINGS,
        }
    ),
}  # fmt: skip

ROLE_LABELS = {
    Role.INSPECTOR: _l("消防监督员"),
    Role.STATION: _l("消防站人员"),
    Role.LEADER: _l("大队领导"),
    Role.OFFICE: _l("内勤"),
    Role.PRINCIPAL: _l("校长（消防安全责任人）"),
    Role.SAFETY_OFFICER: _l("学校安全干事"),
    Role.BUREAU: _l("教育局"),
    Role.DETACHMENT: _l("支队"),
    Role.ADMIN: _l("系统管理员"),
}


#: Which roles a unit of the fire service can have.
ROLES_OF_UNIT: dict[BrigadeKind, frozenset[Role]] = {
    BrigadeKind.STATION: frozenset({Role.STATION}),
    BrigadeKind.BRIGADE: frozenset({Role.INSPECTOR, Role.STATION, Role.LEADER, Role.OFFICE, Role.ADMIN}),
    BrigadeKind.DETACHMENT: frozenset({Role.DETACHMENT, Role.ADMIN}),
    BrigadeKind.CORPS: frozenset({Role.DETACHMENT, Role.ADMIN}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that any of the roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles)) if roles else frozenset()


def roles_given_by(permissions: frozenset[Permission], *, is_school: bool) -> frozenset[Role]:
    """The roles that somebody with these permissions may give to others and take from them."""
    if P.MANAGE_PEOPLE in permissions:
        return frozenset(Role)
    if P.INVITE_SCHOOL_STAFF in permissions:
        return frozenset({Role.SAFETY_OFFICER}) if is_school else SCHOOL_ROLES
    return frozenset()
