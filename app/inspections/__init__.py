"""Carrying out a checklist at a school, from the first answer to the signed record."""
