"""The system numbers: one file each, and the list of those that exist (SYS-1..16)."""
