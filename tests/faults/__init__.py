"""Faults injected into real processes: after each the service is clean, and every job is whole or says why not."""
