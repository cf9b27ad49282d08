"""The rows that did not come in, as the sheet they came from, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo.store.import_plan import REFUSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandas import DataFrame

    from geo.stations.opened import OpenedFile
    from geo.store.import_plan import ImportPlan

REASON: Final = "reason"


def reasons_of(plan: ImportPlan) -> dict[int, str]:
    """Return why each refused row was refused, in the messages of its problems."""
    return {
        one.row: "; ".join(p.message for p in one.problems if p.severity == "error")
        for one in plan.rows
        if one.outcome == REFUSED
    }


def refused_rows(
    file: OpenedFile,
    reasons: Mapping[int, str],
    *,
    columns: Mapping[str, str],
    datum: str,
    head: str = REASON,
) -> DataFrame:
    """Return some rows under the heads of the file, and a last column with the reason of each.

    Parameters
    ----------
    file : OpenedFile
        Of a vector file the columns are fields, with lon and lat as read.
    reasons : mapping of int to str
        By row of the file.
    columns, datum
        As a vector file was read.
    head : str
        Of the last column; the sheet can be brought in again as it is, this column is no field.

    Returns
    -------
    DataFrame of str
        In the order of the file, as ``geo.stations.tables.write_table`` takes it.
    """
    table = file.table
    frame = table.frame if table else file.rows(columns=columns, datum=datum).frame
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
