"""Periods, whom a duty binds, how each period stands. Pure."""
