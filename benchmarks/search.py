"""The search beside plain scans of the same texts: 200,000 stations with made-up names.

Names, aliases and addresses are put together from a few hundred common characters, so that words
meet many rows, as in a country. Each kind of question is asked with many words; the peers look
through the names alone. Times are of one core.

``python benchmarks/search.py [--quick]``
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from machine import machine_line, print_table
from rapidfuzz import fuzz, process

sys.path.insert(0, str(Path(__file__).parents[1]))  # measure this checkout, installed or not

from geo.search import MISS, Index, Texts, best_rows, read_question, spell, spell_cells
from geo.search.spelling import variants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

SIZES: Final = {"full": 200_000, "quick": 20_000}
ASKED: Final = 40  # words of each kind
SHOWN: Final = 10
CITIES: Final = 300
DISTRICTS: Final = 8  # of a city
SIGNS: Final = (
    "东西南北中上下大小新安平和兴福德文明光华宁永春秋金玉龙凤山水河湖江海桥门街里园林松柏柳杨桃杏梅兰"
    "竹菊石泉井台塔寺庙庄村镇城关口站前后左右阳长重庆乐高低红黄青白天地人民建国军胜利团结"
)
KINDS: Final = ("路", "街", "大街", "胡同", "巷", "大道", "里")
HOSTS: Final = (
    "工商银行",
    "便利店",
    "加油站",
    "社区",
    "邮政支局",
    "公共厕所",
    "营业厅",
    "超市",
    "公园",
)
WORDS: Final = ("户外劳动者驿站", "爱心驿站", "暖心驿站", "工会驿站", "小哥驿站", "饮水点")


def main() -> int:
    """Make the stations, build the index, ask."""
    parser = argparse.ArgumentParser(description="The search among 200,000 stations.")
    parser.add_argument("--quick", action="store_true", help="a tenth of everything")
    size = SIZES["quick" if parser.parse_args().quick else "full"]
    print(machine_line("numpy", "rapidfuzz"))
    texts = make_texts(size)
    print(f"{size} stations, e.g. {texts.names[0]}, {texts.addresses[0]}\n")
    before, began = _memory_mb(), time.process_time()
    index = Index(texts)
    seconds = time.process_time() - began
    print(f"index made in {seconds:.1f} s, {index.nbytes / 1e6:.0f} MB in arrays, ", end="")
    print(f"{_memory_mb() - before:.0f} MB of the process\n")
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(75, 130, size), rng.uniform(20, 50, size)
    rows = []
    for kind, words in questions(texts, rng):
        spent = [_time_of(lambda word=word: _ask(index, lon, lat, word)) for word in words]
        hits = np.median([(_ranks(index, word) < MISS).sum() for word in words])
        rows.append((kind, words[0], f"{hits:.0f}", *_figures(spent)))
    print_table(("question", "for example", "rows hit", "median ms", "worst ms"), rows)
    print()
    print_table(("peer, one slip", "for example", "", "median ms", "worst ms"), peers(texts, rng))
    return 0


def make_texts(size: int) -> Texts:
    """Return made-up stations with their pinyin; a line of how long that took."""
    rng = np.random.default_rng(4)
    street = [
        "".join(rng.choice(list(SIGNS), int(rng.integers(2, 4)))) + str(rng.choice(KINDS))
        for _ in range(max(size // 20, 200))
    ]
    place = rng.integers(0, len(street), size)
    host, word = rng.choice(HOSTS, size), rng.choice(WORDS, size)
    name = [f"{street[p]}{h}{w}" for p, h, w in zip(place, host, word, strict=True)]
    other = [f"{street[p]}驿站" if p % 5 == 0 else "" for p in place]
    area = [
        f"第{n // DISTRICTS}市{n % DISTRICTS}区" for n in rng.integers(0, CITIES * DISTRICTS, size)
    ]
    number = rng.integers(1, 400, size)
    address = [f"{a}{street[p]}{n}号" for a, p, n in zip(area, place, number, strict=True)]
    began = time.process_time()
    spelled = [spell_cells(*cells) for cells in zip(name, other, address, strict=True)]
    print(f"pinyin as stored when saved: {(time.process_time() - began) / size * 1e6:.0f} us each")
    return Texts(name, other, area, address, spelled)


def questions(texts: Texts, rng: np.random.Generator) -> Iterator[tuple[str, list[str]]]:
    """Make questions of each kind from texts that are there.

    Yields
    ------
    str
        The kind.
    list of str
        Words.
    """
    some = [texts.names[row] for row in rng.integers(0, len(texts.names), ASKED)]
    streets = [name[:4] for name in some]
    letters = [variants(spell(street))[0].replace(" ", "") for street in streets]
    yield "two characters", [name[:2] for name in some]
    yield "street", streets
    yield "whole name", some
    yield "host, in a ninth of all", [f"{word}爱心驿站" for word in HOSTS] * (ASKED // len(HOSTS))
    yield "a word for all stations", ["爱心驿站"] * ASKED
    yield "address", [texts.addresses[row] for row in rng.integers(0, len(some), ASKED)]
    yield "two words", [f"{name[:2]} {name[-6:-4]}" for name in some]
    yield "pinyin", letters
    yield "pinyin, begun", [word[:-2] for word in letters]
    yield "two letters", [word[:2] for word in letters]
    yield "initials", ["".join(part[0] for part in spell(street).split()) for street in streets]
    yield "slip: wrong character", [_slip(word, rng) for word in streets]
    yield "slip: one more", [word[:2] + "鑫" + word[2:] for word in streets]
    yield "slip: long name", [_slip(word, rng) for word in some]
    yield "slip in pinyin", [word[:3] + "v" + word[3:] for word in letters]
    yield (
        "slip in pinyin, swapped",
        [word[:4] + word[5:6] + word[4:5] + word[6:] for word in letters],
    )
    yield "nothing like it", ["鑫淼焱垚犇"] * ASKED


def peers(texts: Texts, rng: np.random.Generator) -> list[tuple[str, ...]]:
    """Time the plain ways: they look through the names alone, in signs alone."""
    some = [texts.names[row] for row in rng.integers(0, len(texts.names), 8)]
    words = [_slip(name[:4], rng) for name in some]
    frame = pd.Series(texts.names, dtype="str")

    def ratio(word: str) -> object:
        return process.extract(
            word, texts.names, scorer=fuzz.partial_ratio, limit=SHOWN, score_cutoff=70
        )

    def contains(word: str) -> object:
        return frame.str.contains(word[:2], regex=False).to_numpy().nonzero()

    ways: list[tuple[str, Callable[[str], object]]] = [
        ("rapidfuzz, partial ratio", ratio),
        ("pandas, contains (no slip)", contains),
    ]
    return [
        (label, words[0], "", *_figures([_time_of(lambda w=w, way=way: way(w)) for w in words]))
        for label, way in ways
    ]


def _ranks(index: Index, word: str) -> NDArray[np.uint16]:
    question = read_question(word)
    found = index.ranks(question)
    return found if (found < MISS).any() else index.guesses(question)


def _ask(index: Index, lon: NDArray[np.float64], lat: NDArray[np.float64], word: str) -> object:
    return best_rows(_ranks(index, word), lon, lat, limit=SHOWN, near=(116.4, 39.9))


def _slip(word: str, rng: np.random.Generator) -> str:
    place = int(rng.integers(0, min(4, len(word))))
    return word[:place] + "鑫" + word[place + 1 :]


def _time_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _figures(seconds: Sequence[float]) -> tuple[str, str]:
    return f"{np.median(seconds) * 1e3:.1f}", f"{max(seconds) * 1e3:.1f}"


def _memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
