"""What happened outside records: sign-in, rights, publication, reading of personal data."""
