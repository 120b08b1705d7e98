"""Schools with their buildings, floors, places and contacts; import and de-duplication."""
