"""Accounts in the web: one's own, colleagues', keepers'."""
