"""Measures how well messages are understood: `python -m nlu.evaluation` (docs/evaluation.md)."""
