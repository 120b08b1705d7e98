"""Teams as the groups of the list of schools."""

from __future__ import annotations

from app.schools.queries.groups import Groups, register_groups
from app.teams import queries

register_groups(
    Groups(choices=queries.groups, condition=queries.of_group, name=queries.name_column, names=queries.names)
)
