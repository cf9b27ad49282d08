"""A station as somebody saw it when the form was opened, and what others changed since."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from geo.errors import UnknownStationError
from webmap.forms.labels import LABELS
from webmap.forms.station import shown_texts
from webmap.staff.clash import MINE, THEIRS, Clash, label_of, put_thing, say_thing, things_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from geo.store import Store

_SEEN: Final = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)


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
    clashes: list[Clash]  # what both changed
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

    A thing that the writer did not touch takes the other's value; one that both changed keeps
    what was typed, and is asked about.
    """
    opened, mine, now = (things_of(each) for each in (_seen_texts(seen, sight), texts, _now(sight)))
    merged, clashes = dict(texts), list[Clash]()
    changed = [key for key in _keys(now, opened) if now.get(key, ()) != opened.get(key, ())]
    for key in changed:
        if mine.get(key, ()) == opened.get(key, ()):
            merged = put_thing(merged, key, now.get(key, ()))
        elif mine.get(key, ()) != now.get(key, ()):
            clashes.append(_clash(key, mine, now, sight))
    later = sight.history[sight.history["seq"] > seen.history]
    others = list(dict.fromkeys(later["actor"].tolist()))
    labels = list(dict.fromkeys(_label(key) for key in changed))
    return Meeting(merged, clashes, others, labels)


def settle(
    texts: Mapping[str, str], asked: Mapping[str, str], seen: Seen, sight: Sight
) -> tuple[dict[str, str], list[Clash]]:
    """Return what is meant by a form that answers whose change counts, and what is still open.

    Parameters
    ----------
    texts : mapping of str to str
        As sent.
    asked : mapping of str to str
        By key of what was asked "mine", "theirs", or "" for no answer; unknown keys say nothing.
    seen, sight : Seen, Sight
        What the form showed, and the station now; "theirs" is what the form showed of it.
    """
    shown = things_of(_seen_texts(seen, sight))
    settled, still = dict(texts), list[Clash]()
    known = {*shown, *things_of(texts), *(key for key in asked if key.startswith("amenities."))}
    for key in [key for key in asked if key in known]:
        mine = things_of(settled)
        if asked[key] == THEIRS:
            settled = put_thing(settled, key, shown.get(key, ()))
        elif asked[key] != MINE and mine.get(key, ()) != shown.get(key, ()):
            still.append(_clash(key, mine, shown, sight))
    return settled, still


def _seen_texts(seen: Seen, sight: Sight) -> dict[str, str]:
    """Return the texts of a station as its form showed it."""
    later = sight.history[sight.history["seq"] > seen.history]
    base = dict(sight.cells)
    for before in reversed(later["before"].tolist()):
        base |= before
    return shown_texts(base)


def _now(sight: Sight) -> dict[str, str]:
    return shown_texts(sight.cells)


def _keys(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """Return the keys of both: fields in the order of the form, then amenities."""
    return list(dict.fromkeys([*one, *other]))


def _label(key: str) -> str:
    """Return the field that a thing belongs to, as the list of what changed names it."""
    return label_of(key) if key == "lon" else str(LABELS[key.partition(".")[0]])


def _clash(
    key: str,
    mine: Mapping[str, tuple[str, ...]],
    theirs: Mapping[str, tuple[str, ...]],
    sight: Sight,
) -> Clash:
    said, other = (say_thing(key, each.get(key, ())) for each in (mine, theirs))
    name = key.partition(".")[0]
    names = {"lon", "lat"} if name == "lon" else {name}
    by = [
        actor
        for actor, after in zip(sight.history["actor"], sight.history["after"], strict=True)
        if names & set(after)
    ]
    return Clash(key, label_of(key), said, other, by[-1] if by else "")
