"""Finding trainings, sessions and who came, as far as the viewer may see their schools."""

from app.trainings.queries.held import Choice, Counts, Line, counts, get, latest, listing, visible, visible_ids

__all__ = ["Choice", "Counts", "Line", "counts", "get", "latest", "listing", "visible", "visible_ids"]
