"""What every domain stands on: database, unit of work, protection, errors, clock, text, references."""
