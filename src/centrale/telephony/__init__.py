"""The telephone switch: one interface, a real implementation (`asterisk`) and one in virtual time (`simulated`)."""
