"""A station as somebody saw it when the form was opened, and what others changed since."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from flask_babel import gettext

from geo.errors import UnknownStationError
from webmap.forms.labels import LABELS
from webmap.forms.say import say_cell
from webmap.forms.station import shown_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo.store import Store
    from webmap.forms.faults import Faults

_SEEN: Final = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)
_UNITS: Final = (("lon", "lat"),)  # fields that are one thing


class Seen(NamedTuple):
    """How far a form's writer had seen: the store's change number, the station's last history row.

    It travels in the form as ``12-34``.
    """

    change: int
    history: int

    def __str__(self) -> str:
        return f"{self.change}-{self.history}"


class Sight(NamedTuple):
    """A stored station and its history, oldest first."""

    seen: Seen
    cells: dict[str, Any]
    history: pd.DataFrame


class Meeting(NamedTuple):
    """Two writers' changes brought together: neither loses anything."""

    texts: dict[str, str]  # typed ones, and those of the other where nobody typed
    faults: Faults  # at fields that both changed
    others: list[str]  # accounts that changed something
    labels: list[str]  # what they changed


def look(store: Store, code: str) -> Sight:
    """Return a station as it is stored.

    Raises
    ------
    UnknownStationError
        No station has this code.
    """
    change = store.change_seq()  # before the rest: what changes meanwhile is noticed on saving
    history = store.history(code)
    found = store.read_stations(codes=[code])
    if found.empty:
        msg = f"no station has the code {code}"
        raise UnknownStationError(msg)
    cells = cast("dict[str, Any]", found.drop(columns="geometry").iloc[0].to_dict())
    return Sight(Seen(change, int(history["seq"].max())), cells, history)


def read_seen(text: str) -> Seen:
    """Return the mark of a form; of a damaged one, that nothing was seen."""
    found = _SEEN.fullmatch(text)
    return Seen(int(found[1]), int(found[2])) if found else Seen(-1, -1)


def meet(texts: Mapping[str, str], seen: Seen, sight: Sight) -> Meeting:
    """Bring what was typed together with what others changed since the form was opened.

    A field that the writer did not touch takes the other's value; one that both changed keeps
    what was typed and gets a message that tells the other's.
    """
    later = sight.history[sight.history["seq"] > seen.history]
    base = dict(sight.cells)
    for before in reversed(later["before"].tolist()):
        base |= before
    opened, now = shown_texts(base), shown_texts(sight.cells)
    merged, faults = dict(texts), cast("Faults", {})
    changed = [name for name in texts if opened[name] != now[name]]
    for name in changed:
        unit = next((unit for unit in _UNITS if name in unit), (name,))
        if all(texts[part] == opened[part] for part in unit):
            merged[name] = now[name]
        elif texts[name] != now[name]:
            theirs = say_cell(name, sight.cells[name]) or gettext("空着")
            faults[name] = [
                gettext("别人刚改成了：%(theirs)s。要用哪个，就留哪个。", theirs=theirs)
            ]
    others = list(dict.fromkeys(later["actor"].tolist()))
    return Meeting(merged, faults, others, [str(LABELS[name]) for name in changed])
