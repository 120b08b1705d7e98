"""Findings until they are struck off."""
