"""The API of the original service, exactly: no further keys, no further fields, no redirects."""
