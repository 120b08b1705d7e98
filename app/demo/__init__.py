"""The demo district: an invented 示范区 with schools, equipment and years of signed inspections, the same for the same seed."""
