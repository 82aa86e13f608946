"""Pages of citizens and businesses."""
