"""Property tests by hypothesis."""
