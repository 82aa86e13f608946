"""People, organisations, posts and sign-in."""
