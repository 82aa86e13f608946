"""What tests of pages ask for: a client that checks each page, people to sign in, counted statements."""
