"""Writing a definition without YAML: a page for each part, the same text underneath."""
