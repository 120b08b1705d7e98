"""What a school looks after itself: patrols in rounds, its monthly self-check, the short lists of its posts, its own to-dos."""
