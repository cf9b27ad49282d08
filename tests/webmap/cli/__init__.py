"""Tests of the ``nuanyi`` command."""
