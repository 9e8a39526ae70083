"""What is counted (`counters`), where the totals of all processes are kept (`totals`), and what /metrics shows."""
