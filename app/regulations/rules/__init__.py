"""Pure rules of regulations: items, limits, verdicts, citations, working days, egress, lighting, drill times."""
