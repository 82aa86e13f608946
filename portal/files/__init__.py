"""The content-addressed store of uploaded and produced files."""
