"""What the tablet costs its people: taps, characters and seconds, counted by a robot that sees only what is written on the screen."""
