"""Runs of planners: tracks in, coverage out, in processes of their own; all state lies on disk."""

from webmap.runs.desk import Desk
from webmap.runs.record import DONE, FAILED, QUEUED, RUNNING, STOPPED, Run

__all__ = ["DONE", "FAILED", "QUEUED", "RUNNING", "STOPPED", "Desk", "Run"]
