"""What is owed: the job table, leases, drains, the sweeper."""
