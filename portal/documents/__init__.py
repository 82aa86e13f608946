"""Official forms and results as PDF, numbered without gaps."""
