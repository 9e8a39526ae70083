"""Our own API: everything the service can do. docs/api-v2.md tells its clients; the schema is made from these views."""
