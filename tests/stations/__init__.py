"""Tests of geo.stations and geo.vocab."""
