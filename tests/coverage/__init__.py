"""Tests of the coverage engine, and what they share."""
