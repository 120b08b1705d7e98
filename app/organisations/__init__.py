"""Areas, brigades and what a brigade has set for itself."""
