"""What people see in a browser: the studio, their account, the documentation, the door."""
