"""Everything that changes a row: jobs (for clients and operators), the queue (for workers), keys, and clean-up."""
