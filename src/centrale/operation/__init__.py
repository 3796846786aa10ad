"""Running an exchange on a machine: supervising its processes, its logs, and telling what is wrong."""
