"""Tools for developers; nothing of the service imports them."""
