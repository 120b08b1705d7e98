"""Evacuation and fire drills."""
