"""Pure decisions on an immutable snapshot of an account and a moment: no I/O, no clock, no globals (design §5)."""
