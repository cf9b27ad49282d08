"""Runs of planners: tracks in, a report out, in processes of their own that a worker starts."""

from webmap.runs.desk import Desk
from webmap.runs.record import DONE, DRAFT, FAILED, QUEUED, RUNNING, STOPPED, Run

__all__ = ["DONE", "DRAFT", "FAILED", "QUEUED", "RUNNING", "STOPPED", "Desk", "Run"]
