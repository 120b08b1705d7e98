"""What the acts and their subjects are called on the page. A word that is not here is shown as it is stored."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SUBJECTS: dict[str, Any] = {
    "person": _l("人员"),
    "invitation": _l("邀请"),
    "brigade": _l("单位"),
    "finding": _l("隐患"),
    "school": _l("学校"),
    "equipment": _l("器材"),
    "inspection": _l("检查"),
    "visit": _l("出动"),
    "drill": _l("演练"),
    "training": _l("培训"),
    "document": _l("文书"),
    "calendar": _l("日历"),
    "import": _l("导入"),
}

ACTIONS: dict[str, Any] = {
    "sign_in": _l("登录"),
    "sign_out": _l("退出登录"),
    "sign_out_everywhere": _l("退出全部设备"),
    "change_password": _l("修改密码"),
    "set_password_by_link": _l("凭链接设置密码"),
    "make_password_link": _l("生成重设密码链接"),
    "add_person": _l("建立账号"),
    "change_person": _l("修改人员资料"),
    "begin_membership": _l("设置岗位"),
    "end_membership": _l("结束任职"),
    "deactivate_person": _l("停用账号"),
    "reactivate_person": _l("恢复账号"),
    "invite": _l("发出邀请"),
    "take_up_invitation": _l("接受邀请"),
    "withdraw_invitation": _l("撤回邀请"),
    "found_brigade": _l("建立单位"),
    "change_brigade": _l("修改单位资料"),
    "change_settings": _l("修改设置"),
    "withdraw_finding": _l("撤销隐患"),
    "recheck_finding": _l("复查隐患"),
}
