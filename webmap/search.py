"""Searching what is shown: the stations of the layer and the named places of its cities.

Each process keeps one index of the stations. When they change, it is made anew: at once where that
is quick; else a thread of its own does it, and the earlier index goes on answering meanwhile.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
import pandas as pd
from flask import current_app

from geo.search import MISS, Index, Texts, best_rows, read_question
from webmap.named_places import NamedPlaces, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.search import Question
    from webmap.cities import Cities
    from webmap.layer import Layer, LayerCache
    from webmap.stores import Stores

    Ranks = NDArray[np.uint16]
    Position = tuple[float, float]

__all__ = ["Found", "Place", "Search", "area_at", "find", "place_of"]

logger = logging.getLogger(__name__)

QUICK_S: Final = 1.0  # a question may wait so long for stations that have just changed
LARGE: Final = 20_000  # stations, for which an index is surely not made so soon
THREAD: Final = "nuanyi-search"
_TEXTS: Final = ("code", "name", "aliases", "address", "district", "subdistrict")


class Found(NamedTuple):
    """What was found, the best first."""

    rows: NDArray[np.intp]  # of the layer
    places: tuple[Place, ...]
    is_guess: bool  # nothing has these words; this is near them
    layer: Layer  # which ``rows`` number


@dataclass(frozen=True)
class _Kept:
    layer: Layer
    index: Index
    made_in_s: float


class Search:
    """Finds stations and places; safe between threads."""

    def __init__(self, layers: LayerCache, cities: Cities, stores: Stores) -> None:
        self._layers, self._stores = layers, stores
        self._kept: _Kept | None = None
        self._moved: tuple[Layer, Layer, NDArray[np.intp]] | None = None
        self._lock = threading.Lock()
        self.places = NamedPlaces(cities, stores)

    def find(
        self, words: str, layer: Layer | None, *, limit: int | None, near: Position | None
    ) -> Found:
        """Return what answers to the words; see `find`."""
        layer, question = layer or self._layers.current(), read_question(words)
        if question.means_all:
            self._prepare(layer)
            ranks = np.zeros(len(layer.rows), dtype=np.uint16)
            return Found(_ordered(ranks, layer, limit, near), (), is_guess=False, layer=layer)
        ranks = self._ranks(layer, question)
        places = self.places.ranks(question)
        is_guess = not ((ranks < MISS).any() or places.has_any)
        if is_guess:
            ranks = self._ranks(layer, question, guess=True)
            places = self.places.ranks(question, guess=True)
        is_guess &= bool((ranks < MISS).any() or places.has_any)
        rows = _ordered(ranks, layer, limit, near)
        return Found(rows, self.places.best(places, near=near), is_guess, layer)

    def _ranks(self, layer: Layer, question: Question, *, guess: bool = False) -> Ranks:
        """Return the rank of each row of the layer."""
        kept = self._current(layer)
        found = kept.index.guesses(question) if guess else kept.index.ranks(question)
        if kept.layer is layer:
            return found
        rows = self._rows_in(kept.layer, layer)
        ranks = np.full(len(layer.rows), MISS, dtype=np.uint16)
        ranks[rows[rows >= 0]] = found[rows >= 0]
        return ranks

    def _current(self, layer: Layer) -> _Kept:
        """Return the index of the layer, or that of an earlier one while a large one is made."""
        kept = self._kept
        if kept is not None and kept.layer is layer:
            return kept
        if kept is None or kept.made_in_s < QUICK_S or kept.layer.is_demo != layer.is_demo:
            return self._renewed(layer)
        self._renew_beside(layer)
        return kept

    def _renewed(self, layer: Layer) -> _Kept:
        """Return an index of the layer, made now unless another thread just did."""
        with self._lock:
            kept = self._kept
            if kept is None or kept.layer is not layer:
                kept = self._kept = self._made(layer, kept)
            return kept

    def _made(self, layer: Layer, earlier: _Kept | None) -> _Kept:
        rows = layer.rows
        if earlier and all(rows[name].equals(earlier.layer.rows[name]) for name in _TEXTS):
            return replace(earlier, layer=layer)
        began = time.perf_counter()
        spelled = self._stores.shown().read_pinyin()
        texts = Texts(
            names=rows["name"].tolist(),
            aliases=rows["aliases"].tolist(),
            areas=(rows["district"] + rows["subdistrict"]).tolist(),
            addresses=rows["address"].tolist(),
            spelled=[spelled.get(code, "") for code in rows["code"].tolist()],
        )
        index = Index(texts)
        seconds = time.perf_counter() - began
        logger.info("search index of %d stations made in %.2f s", len(rows), seconds)
        return _Kept(layer, index, seconds)

    def _renew_beside(self, layer: Layer) -> None:
        """Let a thread make the index, unless one is at it."""
        if not self._lock.locked():
            threading.Thread(target=self._renewed, args=(layer,), name=THREAD, daemon=True).start()

    def _prepare(self, layer: Layer) -> None:
        """Let a thread make the first index of many stations before somebody asks for it."""
        if self._kept is None and len(layer.rows) >= LARGE:
            self._renew_beside(layer)

    def _rows_in(self, earlier: Layer, layer: Layer) -> NDArray[np.intp]:
        """Return for each row of an earlier layer the row of the same station; -1 for none."""
        moved = self._moved
        if moved is None or moved[0] is not earlier or moved[1] is not layer:
            rows = pd.Index(layer.rows["code"]).get_indexer(earlier.rows["code"])
            moved = self._moved = earlier, layer, np.asarray(rows, dtype=np.intp)
        return moved[2]


def find(
    words: str,
    *,
    limit: int | None = None,
    near: Position | None = None,
    layer: Layer | None = None,
) -> Found:
    """Find the stations and places of this application that answer to words.

    Parameters
    ----------
    words : str
        As somebody typed them: names, addresses, pinyin, initials, parted by spaces; all must
        hold. Without any, or with nothing but a word for a station, all stations answer.
    limit : int, optional
        The most stations.
    near : (float, float), optional
        Longitude and latitude in degrees, WGS-84: what is equally good stands by distance, else in
        the order of the list.
    layer : Layer, optional
        The stations as the caller sees them; without it, as they are now.

    Returns
    -------
    Found
        Stations as rows of ``layer``, and a few places. ``is_guess`` says that nothing has these
        words and one slip was forgiven.
    """
    return _search().find(words, layer, limit=limit, near=near)


def place_of(id_: str) -> Place | None:
    """Return the place with an id that `find` gave; None if no shown city has it."""
    return _search().places.get(id_)


def area_at(lon: float, lat: float) -> str:
    """Return the name of the subdistrict of a position, degrees, WGS-84; "" outside all."""
    return _search().places.areas.at(lon, lat)[0]


def _search() -> Search:
    return cast("Search", current_app.extensions["search"])


def _ordered(
    ranks: Ranks, layer: Layer, limit: int | None, near: Position | None
) -> NDArray[np.intp]:
    return best_rows(ranks, layer.lon, layer.lat, limit=limit, near=near)
