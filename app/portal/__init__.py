"""A school's own home."""
