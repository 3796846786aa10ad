"""Queues on real calls: feeds the engine (`acd`) with what happens, and carries out what it decides."""
