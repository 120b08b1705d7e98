"""What bounds a hand-over. Pure."""

from __future__ import annotations

#: A hand-over further ahead than this many days is a slip of the year.
MOST_DAYS_AHEAD = 366
#: More schools than any district has are a mistake.
MOST_SCHOOLS = 5000
