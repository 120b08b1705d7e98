"""How anything is filled in: answer operations, photos, signatures, conflicts."""
