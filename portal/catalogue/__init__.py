"""Procedures as data: read, checked, published as immutable versions."""
