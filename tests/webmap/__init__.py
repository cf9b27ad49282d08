"""Tests of the web application and the command line."""
