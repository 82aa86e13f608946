"""The edge: pages, forms and the table of who may come where."""
