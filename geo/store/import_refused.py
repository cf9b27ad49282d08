"""The rows that did not come in, as the sheet they came from, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.store.import_plan import REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pandas import DataFrame

    from geo.stations.opened import OpenedFile
    from geo.store.import_plan import ImportPlan, Planned

REASON: Final = "reason"


def say_plain(row: Planned) -> str:
    """Return why a row was refused, in the messages of its problems."""
    return "; ".join(one.message for one in row.problems if one.severity == "error")


def refused_rows(
    file: OpenedFile,
    plan: ImportPlan,
    *,
    say: Callable[[Planned], str] = say_plain,
    head: str = REASON,
    also: Mapping[int, str] | None = None,
) -> DataFrame:
    """Return the refused rows under the heads of the file, and a last column with the reason.

    Parameters
    ----------
    file : OpenedFile
        That was planned. Of a vector file the columns are fields, with lon and lat as read.
    plan : ImportPlan
        Its plan.
    say : callable
        The reason of a row, as words.
    head : str
        Of the last column; the sheet can be brought in again as it is, this column is no field.
    also : mapping of int to str, optional
        Further rows that were left out, and why.

    Returns
    -------
    DataFrame of str
        In the order of the file, as ``geo.stations.tables.write_table`` takes it.
    """
    reasons = {one.row: say(one) for one in plan.rows if one.outcome == REFUSED}
    reasons |= also or {}
    frame = plan.read.rows.frame if file.table is None else file.table.frame
    labels = [label for label in frame.index if int(label) + file.first_row in reasons]
    name = _free(head, [str(column) for column in frame.columns])
    told = [reasons[int(label) + file.first_row] for label in labels]
    return frame.loc[labels].assign(**{name: told}).astype(str)


def _free(head: str, columns: list[str]) -> str:
    """Return a head that no column has: a sheet may come a second time."""
    name, number = head, 2
    while name in columns:
        name, number = f"{head} {number}", number + 1
    return name
