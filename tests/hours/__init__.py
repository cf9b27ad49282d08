"""Tests of `geo.hours`."""
