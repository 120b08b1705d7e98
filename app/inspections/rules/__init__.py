"""Pure rules of inspections: what may be written in a field, the rows of a school, answers, findings, the frozen record."""
