"""Forms about accounts, people and their units."""
