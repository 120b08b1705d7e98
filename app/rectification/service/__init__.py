"""What people do with findings and orders, an act a module."""
