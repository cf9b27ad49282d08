"""What a benchmark ran on, in one line; how it times; how it prints its table."""

from __future__ import annotations

import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Answer = TypeVar("Answer")

LIBRARIES: Final = ("numpy", "scipy", "shapely", "pyproj")


def machine_line(*peers: str) -> str:
    """Return CPU, cores, Python and the versions of the libraries and peers."""
    info = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (info.read_text().splitlines() if info.exists() else [])
        if line.startswith("model name")
    ]
    cpu = models[0] if models else platform.processor() or platform.machine()
    versions = ", ".join(f"{name} {version(name)}" for name in dict.fromkeys((*LIBRARIES, *peers)))
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def timed(run: Callable[[], Answer], *, repeat: int = 1) -> tuple[float, Answer]:
    """Return the median seconds of ``repeat`` runs, and the answer of the last."""
    seconds = []
    for _ in range(repeat):
        started = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), answer


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells under their heads, the first column to the left, the others right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, ["-" * width for width in widths], *rows):
        first, *others = [
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join([first, *others]))
    print()


if __name__ == "__main__":
    print(machine_line())
