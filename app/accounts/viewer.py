"""Who is looking: a plain value made once per request from the memberships of the day, handed to every query first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from app.accounts.models import Role
from app.accounts.policy import Permission


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """A person with what they hold today. `brigade_ids` includes the brigades below theirs."""

    person_id: uuid.UUID
    name: str
    username: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    brigade_ids: frozenset[uuid.UUID] = field(default_factory=frozenset)
    own_brigade_id: uuid.UUID | None = None
    own_brigade_name: str = ""
    own_brigade_name_en: str = ""
    own_brigade_area: str | None = None
    school_ids: frozenset[uuid.UUID] = field(default_factory=frozenset)
    area_codes: frozenset[str] = field(default_factory=frozenset)
    sign_in_id: uuid.UUID | None = None
    unread: int = 0

    def may(self, permission: Permission | str) -> bool:
        """Whether any of the roles gives this permission."""
        return permission in self.permissions

    @property
    def is_school(self) -> bool:
        """Sees schools as one of their own staff, not as an authority."""
        return bool(self.school_ids) and not self.brigade_ids and not self.area_codes
