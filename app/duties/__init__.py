"""What a school owes in which period, counted from what was done."""
