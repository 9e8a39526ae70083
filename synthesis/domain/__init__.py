"""The rules of jobs, without Django: what a job may be, what a text may hold, what an error says."""
