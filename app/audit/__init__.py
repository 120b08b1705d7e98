"""Who did what, when and from where, as a chain of hashes that anyone can check."""
