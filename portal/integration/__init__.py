"""State registers and other outside systems."""
