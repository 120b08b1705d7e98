"""Laying out patrols, walking them, entering them from paper; filling own checks; closing to-dos."""
