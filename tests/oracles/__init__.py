"""Slow answers to questions that the portal answers fast: written from the rules alone, sharing nothing with it."""
