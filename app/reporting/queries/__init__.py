"""What home pages and the board read. Each figure is one query, whatever the number of schools."""
