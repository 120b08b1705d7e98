"""What papers give to the pages of other features: whoever types a sign that no typeface has is warned while there is time."""

from __future__ import annotations

from app.core.forms import look_up_unprintable_with
from app.documents.rendering import unprintable

look_up_unprintable_with(unprintable)
