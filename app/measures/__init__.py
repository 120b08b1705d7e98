"""The brigade's own plan: what it means to do in a year or a quarter, for which schools, by when, and what came of it."""
