"""Visits: one outing to a school, planned or started on the spot."""
