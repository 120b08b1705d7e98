"""What is said of sessions and who came; what a session proves; who is due. Pure."""

from app.trainings.rules.sessions import (
    AUDIENCES_TO_CHOOSE,
    FORMS_TO_CHOOSE,
    STAFF,
    Audience,
    Hint,
    TrainingForm,
    attendance_percent,
    hints,
)

__all__ = [
    "AUDIENCES_TO_CHOOSE",
    "FORMS_TO_CHOOSE",
    "STAFF",
    "Audience",
    "Hint",
    "TrainingForm",
    "attendance_percent",
    "hints",
]
