"""What people do with inspections, an act a module: start, fill, finish, sign, withdraw."""
