"""Fee lines, payments and the gateway."""
