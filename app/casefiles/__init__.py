"""One order's case file before it is signed and archived, and one school's ledger."""
