"""Reading what stands in the calendar."""
