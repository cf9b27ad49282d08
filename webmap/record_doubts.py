"""What is doubtful over the whole layer: stations that may be one, and odd positions.

Kept in the process until a station changes; what somebody answered is left out at each look.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from geo.stations.duplicates import USED, find_doubles
from geo.store.settled import ALIKE, Question
from geo.whereabouts import find_elsewhere, find_odd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.store import Store
    from geo.whereabouts import Odd, Surroundings

SETTLED: Final = ("closed", "duplicate_of")  # statuses of which nobody asks


class Pair(NamedTuple):
    """Two stations that may be one; ``code`` comes before ``other``."""

    code: str
    other: str
    score: float
    away_m: float
    reasons: tuple[str, ...]
    twin_from: str
    twin_datum: str

    @property
    def question(self) -> Question:
        """What is asked, as the store keeps it."""
        return Question.of_pair(self.code, self.other)


class Place(NamedTuple):
    """A station at an odd position."""

    code: str
    odd: Odd
    lon: float
    lat: float

    @property
    def question(self) -> Question:
        """What is asked, as the store keeps it."""
        return Question.of_position(self.odd.kind, self.code, self.lon, self.lat)


class Doubts(NamedTuple):
    """All that is doubtful, the likeliest first."""

    pairs: tuple[Pair, ...]
    places: tuple[Place, ...]
    zones: tuple[tuple[str, int], ...] = ()  # development zones that stations name, and how many

    def unsettled(self, settled: frozenset[Question]) -> Doubts:
        """Return what nobody answered yet."""
        return Doubts(
            tuple(pair for pair in self.pairs if pair.question not in settled),
            tuple(place for place in self.places if place.question not in settled),
            self.zones,
        )

    def has(self, question: Question) -> bool:
        """Return whether a question is asked here."""
        these = self.pairs if question.kind == ALIKE else self.places
        return any(one.question == question for one in these)


class DoubtLists:
    """The doubts of the open stores; safe between threads."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Store, tuple[tuple[int, int], Doubts]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, store: Store, cities: Sequence[Surroundings]) -> Doubts:
        """Return the doubts of a store at its present change number."""
        with self._lock:
            boxes = tuple(city.box for city in cities)
            mark = store.change_seq(), hash((store.areas_seq(), boxes))
            known = self._kept.get(store)
            if known is None or known[0] != mark:
                known = self._kept[store] = mark, find_doubts(store, cities)
            return known[1]


def find_doubts(store: Store, cities: Sequence[Surroundings]) -> Doubts:
    """Go over all stations of a store that are not closed or settled as duplicates.

    Raises
    ------
    SourceFormatError
        A city's basemap or network is damaged.
    """
    stations = store.read_stations(columns=USED)
    stations = stations[~stations["status"].isin(SETTLED)].reset_index(drop=True)
    found = find_doubles(stations)
    columns = [found[name].tolist() for name in ("code", "score", "distance_m", "reasons")]
    marks = [found[name].tolist() for name in ("twin_from", "twin_datum")]
    codes, lon, lat = (stations[name].tolist() for name in ("code", "lon", "lat"))
    firsts = [codes[row] for row in found["row"].tolist()]
    pairs = tuple(Pair(*row) for row in zip(firsts, *columns, *marks, strict=True))
    elsewhere, zoned = find_elsewhere(stations, store.read_areas())
    odd = [*find_odd(lon, lat, cities), *elsewhere]
    places = tuple(Place(codes[one.row], one, lon[one.row], lat[one.row]) for one in odd)
    zones = Counter(one.zone for one in zoned).most_common()
    return Doubts(pairs, places, tuple(zones))
