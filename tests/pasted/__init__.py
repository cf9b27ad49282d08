"""Positions as people paste them."""
