"""Week and month of visits, drills, trainings and due days; the same as a feed for calendars elsewhere."""
