"""What both logs, of drills and of trainings, do alike."""
