"""A site that is killed while many write."""
