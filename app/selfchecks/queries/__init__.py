"""Finding points, routes, rounds, own checks and to-dos; the viewer first."""
