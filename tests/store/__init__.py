"""Tests of the store; all that can run on both engines do."""
