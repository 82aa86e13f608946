"""Messages to applicants and officials."""
