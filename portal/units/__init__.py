"""The dated tree of units and the resolution of level, function and place."""
