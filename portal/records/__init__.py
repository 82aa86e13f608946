"""Records, tasks, events, drafts, supplements and opinions."""
