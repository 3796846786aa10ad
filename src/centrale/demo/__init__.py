"""`centrale demo`: real phones call each other through the running exchange, and the record of each call is shown."""
