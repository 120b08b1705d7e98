"""What holds for schools, without web and database: search, words for kinds, reading of lists, comparing."""
