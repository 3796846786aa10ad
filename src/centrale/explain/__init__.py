"""Dry run of a call: where would it go, and why (OPS-2, NP-10)? Nothing rings and nothing is written."""

from centrale.explain.assumptions import NO_ASSUMPTIONS, Assumptions
from centrale.explain.dry_run import dry_run, explain, explainer

__all__ = ["NO_ASSUMPTIONS", "Assumptions", "dry_run", "explain", "explainer"]
