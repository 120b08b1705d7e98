"""Telling people: an outbox row in the act, then notices, one digest per person and day, and a true log of every delivery."""
