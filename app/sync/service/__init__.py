"""What a tablet's server does, a subject a module."""
