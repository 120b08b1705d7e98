"""Questions, opinions and requests of schools, answered by their brigade."""
