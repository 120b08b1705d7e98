"""Rounds and gaps between them; what a self-check asks; how it compares with the brigade's. Pure."""
