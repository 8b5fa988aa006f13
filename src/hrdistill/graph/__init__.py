"""The skill-occupation graph: its tables, the graph itself, and walks over it."""
