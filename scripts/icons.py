"""Draw the program icons of the phone from ``webmap/static/mark.svg``; run after changing that.

``python scripts/icons.py`` needs Debian's ``chromium``. A maskable icon has a margin all around, as
phones cut it to a circle or a rounded square.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
STATIC: Final = ROOT / "webmap" / "static"
SIZES: Final = (192, 512)  # px
SHARES: Final = {"any": 1.0, "maskable": 0.8}  # of the mark
GROUND: Final = "#fbf7f1"  # that of the mark


def main() -> None:
    """Write the icons."""
    mark = (STATIC / "mark.svg").read_text("utf-8")
    (STATIC / "icons").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()
        for purpose, size in product(SHARES, SIZES):
            share = SHARES[purpose]
            ground = GROUND if purpose == "maskable" else "transparent"
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(
                f"<style>body{{margin:0;height:100vh;display:grid;place-items:center;"
                f"background:{ground}}}svg{{width:{share:.0%};height:{share:.0%}}}</style>{mark}"
            )
            page.screenshot(path=STATIC / "icons" / f"{purpose}-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
