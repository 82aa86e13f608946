"""What the documents of a record say: built from its events, answers and units, never typed."""
