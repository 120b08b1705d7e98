"""Acts on trainings: planning a session, who came, logging, certificates, older lists."""

from app.trainings.service.logging import NewTraining, amend, log

__all__ = ["NewTraining", "amend", "log"]
