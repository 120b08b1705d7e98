"""Pure rules of equipment."""
