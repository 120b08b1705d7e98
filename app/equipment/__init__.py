"""Extinguishers, hydrants, exits, lights and doors of a school: register, due dates, labels."""
