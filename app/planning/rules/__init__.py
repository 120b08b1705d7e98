"""The rules of planning, pure."""
