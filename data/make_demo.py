"""Make the demo district: ``python data/make_demo.py [--out data/demo]``.

Everything is invented (演示数据): the district 东澄区 of the city 澄江市, its streets, stations and
workers. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from district.files import write_district


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description="Make the demo district (synthetic, 演示数据).")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "demo")
    write_district(parser.parse_args().out)


if __name__ == "__main__":
    main()
