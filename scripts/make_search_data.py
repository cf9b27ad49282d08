"""Make the data files of ``geo/search`` from pypinyin (MIT) and OpenCC (Apache-2.0).

``python scripts/make_search_data.py TSCharacters.txt``, the file of OpenCC's ``data/dictionary``.
pypinyin is needed here alone: imported, it takes 57 MB and a second of every process.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Final

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

TARGET: Final = Path(__file__).resolve().parents[1] / "geo" / "search" / "data"
HAN: Final = range(0x4E00, 0xA000)
LAST_OF_BMP: Final = 0xFFFF
ALSO_SIMPLIFIED: Final = frozenset("乾徵夥摺")


def main() -> None:
    """Write both files."""
    TARGET.mkdir(exist_ok=True)
    _write("readings.json", {"source": "pypinyin, MIT licence", "readings": make_readings()})
    traditional, simplified = make_simplified(Path(sys.argv[1]))
    source = "OpenCC TSCharacters.txt, Apache-2.0"
    _write("simplified.json", {"source": source, "from": traditional, "to": simplified})


def make_readings() -> dict[str, str]:
    """Return syllable without tone to the characters that are read so most often."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, sounds in PHRASES_DICT.items():
        if len(phrase) == len(sounds):
            for sign, sound in zip(phrase, sounds, strict=True):
                said[sign][_plain(sound[0])] += 1
    signs: dict[str, list[str]] = defaultdict(list)
    for number in HAN:
        sign = chr(number)
        known = [_plain(sound) for sound in PINYIN_DICT.get(number, "").split(",") if sound]
        if known:
            often = max(known, key=lambda sound, counts=said[sign]: counts[sound])
            signs[often].append(sign)
    return {sound: "".join(signs[sound]) for sound in sorted(signs)}


def make_simplified(path: Path) -> tuple[str, str]:
    """Return traditional characters and, in the same places, the simplified ones.

    Left out is what is a simplified character as well, with another meaning.
    """
    pairs = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        old, new = line.split("\t")[:2]
        new = new.split(" ")[0]
        if old != new and max(ord(old), ord(new)) <= LAST_OF_BMP and old not in ALSO_SIMPLIFIED:
            pairs.append((old, new))
    old_signs, new_signs = zip(*pairs, strict=True)
    return "".join(old_signs), "".join(new_signs)


def _plain(sound: str) -> str:
    """Return a syllable in a-z: tones dropped, ü written v."""
    bare = str(to_normal(sound, v_to_u=False)).replace("ü", "v")
    letters = unicodedata.normalize("NFD", bare)
    return "".join(letter for letter in letters if "a" <= letter <= "z")


def _write(name: str, content: dict[str, object]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=0)
    (TARGET / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
