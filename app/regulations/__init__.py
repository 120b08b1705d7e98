"""What must be checked and how often, as data: packs, limits, calendars."""
