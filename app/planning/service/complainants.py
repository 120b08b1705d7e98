"""Who complained: sealed when it is written down, unsealed only in an act that leaves an entry."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.sealing import Unreadable, seal, unseal
from app.planning.models.complaints import Complainant, Complaint
from app.planning.service.complaint_steps import note

PURPOSE = "complainants"


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """The complainant. Without a repr, so that no log and no error page ever spells it."""

    name: str = ""
    phone: str = ""
    address: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known."""
        return bool(self.name or self.phone or self.address)


def keep(complaint: Complaint, person: Person) -> None:
    """Write down who complained, sealed and apart. Somebody who says nothing stays anonymous."""
    if not person.is_known:
        return
    complaint.is_named = True
    text = json.dumps(asdict(person), ensure_ascii=False)
    db.session.add(Complainant(complaint_id=complaint.id, sealed=seal(text, purpose=PURPOSE)))
    db.session.flush()


def show(viewer: Viewer, complaint: Complaint) -> Person:
    """Who complained. Leaves a line in the timeline and in the audit trail each time."""
    kept = db.session.get(Complainant, complaint.id)
    if kept is None:
        raise DomainError(_("这是匿名投诉，没有登记投诉人。"))
    try:
        person = Person(**json.loads(unseal(kept.sealed, purpose=PURPOSE)))
    except Unreadable:
        raise DomainError(_("投诉人信息无法解读：服务器的密钥（SECRET_KEY）已更换。请联系系统管理员。")) from None
    note(viewer, complaint, "show_complainant")
    return person
