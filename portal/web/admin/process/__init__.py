"""The process of a definition being written: its table of steps, and a page for each step and each of its actions."""
