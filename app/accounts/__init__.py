"""People, what they hold, how they sign in, and what each role may do."""
