"""Dry run of a call: where would it go, and why (OPS-2, NP-10)? Nothing rings and nothing is written."""

from centrale.explain.assumptions import NO_ASSUMPTIONS, Assumptions, Said
from centrale.explain.dry_run import Explainer, dry_run, explain, explainer, rehearse
from centrale.explain.rehearsal import Rehearsal

__all__ = [
    "NO_ASSUMPTIONS",
    "Assumptions",
    "Explainer",
    "Rehearsal",
    "Said",
    "dry_run",
    "explain",
    "explainer",
    "rehearse",
]
