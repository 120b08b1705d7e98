"""The teams of a brigade, who belongs to them, and which schools they look after."""
