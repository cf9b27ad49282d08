"""The planner's desk and its runs."""
