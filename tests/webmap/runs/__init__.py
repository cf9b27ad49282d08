"""Tests of runs: rows, queue, worker and what becomes of them, whoever dies meanwhile."""
