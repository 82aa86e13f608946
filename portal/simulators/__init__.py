"""Outside systems for demonstration and tests; each runs as its own process."""
