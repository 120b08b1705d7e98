"""What is filled in when planning, a subject a module."""
