"""Finding what a school sees, a subject a module."""
