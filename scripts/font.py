"""Fetch Noto Sans SC from npm and cut it down to what reports need, with its licence beside it.

Run by a developer, never by a user: ``python scripts/font.py``. The package is pinned by its
version and by npm's integrity (SHA-512 of the archive). Kept are the characters of GB 2312, Latin
letters with accents, characters of place names that GB 2312 lacks, and the signs of our figures;
dropped are hints and layout tables, which none of our figures uses.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from fontTools import subset

TARGET: Final = Path(__file__).resolve().parents[1] / "geo" / "report" / "font"
PACKAGE: Final = "@expo-google-fonts/noto-sans-sc@0.4.3"
SHA512: Final = (
    "9rAwdFTFHbO/u6Cs0gj2jZbW74TGIiaFNQnXYH2s5wA1bzVkwbaviL4t8YUV642eGYjg86eH6DkAEQmfNHDncQ=="
)
FONT: Final = "package/400Regular/NotoSansSC_400Regular.ttf"
LICENCE: Final = "package/LICENSE_FONT"
SIGNS: Final = "–—…·×≥≤≈±°′″‰→←↑↓□■○●◐△▲◇◆☆★①②③④⑤⑥⑦⑧⑨⑩©®“”‘’€¥№℃½¼¾²³"  # noqa: RUF001 - signs
PLACE_NAMES: Final = (
    "垡埗堽塱墘圳圪塬峁崾岙岽岵嵛漖漷涠汭浐溹滘甪砦硚硖碶磱窎邨郏酂鄀鲘亍仝佘凼冚氹圐圙尕"
    "榃枧栟栊槜楂橦泖沄垚喆煊镕堃犇淼昇祎婳珺玥瑄玘琤茀菉荙堨埇埒埝垟垴峃峣崀崟洑洣浉涘湉漈"
)


def main() -> None:
    """Fetch the package, check it, and write the subset and the licence."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("font.py needs npm (Node.js 18 or newer) on the path")
    with tempfile.TemporaryDirectory() as work:
        command = [npm, "pack", "--silent", PACKAGE]
        told = subprocess.run(command, cwd=work, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
        archive = Path(work) / told.stdout.split()[-1]
        require_pinned(archive)
        with tarfile.open(archive) as tar:
            for name in (FONT, LICENCE):
                tar.extract(name, work, filter="data")
        TARGET.mkdir(parents=True, exist_ok=True)
        cut(Path(work) / FONT, TARGET / "NotoSansSC-Regular.subset.ttf")
        text = (Path(work) / LICENCE).read_text(encoding="utf-8")
        (TARGET / "OFL.txt").write_text(text, encoding="utf-8")
    for path in sorted(TARGET.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def require_pinned(archive: Path) -> None:
    """Stop unless the archive is the one that was looked at."""
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        sys.exit(f"{archive.name}: not the pinned archive, its SHA-512 is {found}")


def characters() -> set[int]:
    """Return the code points that are kept."""
    rows = range(0xA1, 0xF8)
    pairs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    chinese = "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)
    latin = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
    return {*latin, *map(ord, chinese + SIGNS + PLACE_NAMES)}


def cut(source: Path, target: Path) -> None:
    """Write a font with the kept characters only; the same source gives the same bytes."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # names, copyright, licence
    options.notdef_outline = True
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    with subset.load_font(str(source), options) as font:
        cutter.subset(font)
        subset.save_font(font, str(target), options)


if __name__ == "__main__":
    main()
