"""What a tablet is told, a subject a module."""
