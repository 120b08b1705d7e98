"""The tablet in a real browser against a real served process that is really stopped."""
