"""What is said of sessions and who came; what a session proves; who is due. Pure."""

from app.trainings.rules.sessions import STAFF, Audience, Hint, TrainingForm, attendance_percent, hints

__all__ = ["STAFF", "Audience", "Hint", "TrainingForm", "attendance_percent", "hints"]
