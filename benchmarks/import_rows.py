"""Bringing an Excel list of 10,000 rows in: seconds of each step, memory, and the report.

``python benchmarks/import_rows.py [ROWS]``. The list is made of the demo's stations, spread over a
city, in Chinese heads and the words people write; a fiftieth of it cannot be read, a tenth is
stored already and changed, a hundredth may be double. What the pages do is done: read, tell the
datum, match, look for doubles, plan, save as one act, and undo it.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import openpyxl
from machine import machine_line

from geo.areas import read_areas
from geo.network import build_network
from geo.stations import read_stations
from geo.stations.opened import open_file
from geo.store import open_store
from geo.store.import_plan import REFUSED, ImportPlan, plan_import
from geo.store.importing import report_of, save_plan

DEMO = Path(__file__).parents[1] / "data" / "demo"
NOW = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
HEADS = (
    "编号",
    "驿站名称",
    "经度",
    "纬度",
    "地址",
    "区县",
    "所属街道",
    "开放时间",
    "服务设施",
    "备注",
)
HOURS = (
    "24小时",
    "周一到周五 9:30-17:00",
    "8:30-11:00, 13:30-17:00",
    "每天8点至12点、14点半至17点半",
)
STORED, WRONG, DOUBLE, AT = 10, 50, 100, 2  # one row in so many; doubles at the third


def write_list(path: Path, rows: int, *, first: bool) -> None:
    """Write the list; ``first``: only the rows that are stored before."""
    demo = read_stations(DEMO / "stations.csv")
    rng = np.random.default_rng(8)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("驿站")
    sheet.append(["某市工会驿站汇总表"])
    sheet.append(list(HEADS))
    away = rng.normal(0.0, 0.002, (rows, 2))
    for number in range(rows):
        station = demo.iloc[number % len(demo)]
        lon, lat = station["lon"] + away[number, 0], station["lat"] + away[number, 1]
        is_stored = number % STORED == 0
        if first and not is_stored:
            continue
        wrong = not first and number % WRONG == 1
        name = f"{station['name']}{number}号" if number % DOUBLE != AT else station["name"]
        sheet.append([
            f"T{number}", name, lat if wrong else lon, lon if wrong else lat,
            f"{station['address']}{number}" if first else station["address"],
            station["district"], station["subdistrict"], HOURS[number % len(HOURS)],
            station["amenities"], f"第 {number} 行",
        ])  # fmt: skip
    book.save(path)


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    network = build_network([DEMO / "district.osm.pbf"])

    def distance_m(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.asarray(network.snapper.snap(lon, lat).connector_m)

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_list(place / "first.xlsx", rows, first=True)
        write_list(place / "list.xlsx", rows, first=False)
        with open_store(f"sqlite:///{place}/bench.db") as store:
            for level in ("district", "subdistrict"):
                store.save_areas(read_areas(DEMO / f"areas_{level}.geojson", level=level).frame)
            options = {"datum": "auto", "columns": {}, "distance_m": distance_m}
            before = plan_import(store, open_file(place / "first.xlsx"), **options)
            assert isinstance(before, ImportPlan)  # noqa: S101 - a benchmark of a known list
            save_plan(store, before, [one.row for one in before.rows], actor="bench", now=NOW)
            marks, work = [time.perf_counter()], [time.process_time()]
            file = open_file(place / "list.xlsx")
            marks.append(time.perf_counter())
            work.append(time.process_time())
            plan = plan_import(store, file, **options)
            assert isinstance(plan, ImportPlan)  # noqa: S101 - as above
            marks.append(time.perf_counter())
            work.append(time.process_time())
            good = [one.row for one in plan.rows if one.outcome != REFUSED]
            batch, saved = save_plan(store, plan, good, actor="bench", now=NOW)
            marks.append(time.perf_counter())
            work.append(time.process_time())
            undone = store.undo_batch(batch, actor="bench", now=NOW)
            marks.append(time.perf_counter())
            work.append(time.process_time())
    report = report_of(plan, asked="auto", dry_run=False)
    steps = dict(zip(("read", "plan", "save", "undo"), np.diff(marks), strict=True))
    print(machine_line("openpyxl", "pandas"))
    print(f"{rows} rows of Excel into SQLite:")
    for (name, seconds), cpu in zip(steps.items(), np.diff(work), strict=True):
        print(f"  {name:6} {seconds:6.2f} s  ({cpu:.2f} s of one core)")
    print(
        f"  read, plan and save {marks[3] - marks[0]:.2f} s ({work[3] - work[0]:.2f} s of one core)"
    )
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print(
        f"  {saved.created} new, {saved.updated} changed, {saved.unchanged} unchanged, "
        f"{report.refused} refused, {report.alike} may be double; {report.datum_note}"
    )
    back, out = len(undone.restored), len(undone.removed)
    print(f"  undone: {back} put back, {out} taken out, {len(undone.kept)} kept")


if __name__ == "__main__":
    main()
