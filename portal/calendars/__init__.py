"""Working sessions, holidays and exceptions, loaded into the working calendar."""
