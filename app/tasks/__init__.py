"""Tasks that a brigade or a bureau sends to schools."""
