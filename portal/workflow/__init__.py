"""The workflow engine: pure questions about a process, answered with the standard library only."""
