"""What is wrong with one row of a file: said once, in the same shape everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

MAX_LISTED: Final = 20  # problems that the text of an error repeats; all are in ``.problems``


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one row, or a warning about it.

    ``row`` counts as a spreadsheet does (header 1, first station 2; in vector files the first
    feature is 1); 0 means the whole file. ``code`` is the kind of fault in one word, for programs
    and translations; ``message`` names file, row and remedy. Only an ``error`` keeps a row out.
    """

    row: int
    field: str
    code: str
    message: str
    severity: Literal["error", "warning"] = "error"
    facts: tuple[str, ...] = ()  # names and figures of the message, for translations


def row_problem(source: str, row: int, field: str, code: str, what: str) -> Problem:
    """Return an error whose message begins with row and file."""
    return Problem(row, field, code, f"row {row} of {source}: {what}")


def row_warning(
    source: str, row: int, field: str, code: str, what: str, *, facts: tuple[str, ...] = ()
) -> Problem:
    """Return a warning whose message begins with row and file; row 0 names the file only."""
    where = f"row {row} of {source}" if row else source
    return Problem(row, field, code, f"{where}: {what}", "warning", facts)


def errors_of(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems that keep rows out."""
    return tuple(problem for problem in problems if problem.severity == "error")


def summarise(problems: tuple[Problem, ...], source: str) -> str:
    """Return a text of one line per problem, the first 20, headed by their number."""
    rows = len({problem.row for problem in problems})
    head = f"{source}: {len(problems)} problems, in rows: {rows}"
    rest = len(problems) - MAX_LISTED
    tail = [f"... and {rest} more"] if rest > 0 else []
    return "\n".join([head, *(problem.message for problem in problems[:MAX_LISTED]), *tail])
