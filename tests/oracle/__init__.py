"""A second, slow and plain reading of definitions.md, for tests to compare the product with.

Written from the text alone, without looking at the product's network, tracks, hours or coverage
code; nothing here imports ``geo``. Loops over one thing at a time are meant: speed is no aim.
"""
