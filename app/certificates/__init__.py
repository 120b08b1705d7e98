"""What may be certified about a school."""
