"""Imports of staff between their upload and their commit: kept in folders, worked on in threads."""
