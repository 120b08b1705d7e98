"""Trainings and fire education sessions."""
