"""Trying a definition: a record in memory that goes the way of real ones, with pretended officials and clock."""
