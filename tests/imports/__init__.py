"""The way that every list takes, whatever it is of."""
