"""What a school's log of any kind has in common: something was held, at a school, on a day; photos; a numbered record.

Drills and trainings are entries of it. What is measured, who came, how it was done and what it counts for is theirs.
"""
