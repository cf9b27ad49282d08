"""Tests; the tree mirrors geo and webmap."""
