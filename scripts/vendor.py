"""Fetch the browser's libraries from npm into webmap/static/vendor, with their licences.

Run by a developer, never by a user: ``python scripts/vendor.py``. ``vendor.json`` beside says what:
every package is pinned by its version and by npm's integrity (SHA-512 of the archive), every file
by the address under which Folium, or a layer of ours, asks for it ("": a file that another one
asks for). ``webmap/maps.py`` looks addresses up in the manifest that is written here and refuses
one that is not in it; those of ``unused`` every map of Folium asks for and none of ours needs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
TARGET: Final = ROOT / "webmap" / "static" / "vendor"
WANTED: Final = ROOT / "scripts" / "vendor.json"
LICENCES: Final = "LICENSES.txt"

Package = dict[str, Any]  # an object of vendor.json: name, version, licence (SPDX), sha512, ...


def main() -> None:
    """Fetch everything anew and write the manifest."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("vendor.py needs npm (Node.js 18 or newer) on the path")
    wanted = json.loads(WANTED.read_text(encoding="utf-8"))
    shutil.rmtree(TARGET, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        libraries = wanted["libraries"]
        entries = [entry for library in libraries for entry in _fetch(library, npm, Path(work))]
    manifest = {"files": entries, "unused": sorted(wanted["unused"])}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (TARGET / "manifest.json").write_text(text, encoding="utf-8")
    total = sum((TARGET / entry["file"]).stat().st_size for entry in entries)
    print(f"{len(entries)} files, {total / 1000:.0f} kB, in {TARGET}")


def _fetch(library: Package, npm: str, work: Path) -> list[dict[str, str]]:
    """Put a library's files and licences into a folder of its own; return its manifest entries."""
    folder = TARGET / f"{library['name']}-{library['version']}"
    folder.mkdir(parents=True)
    source = _unpack(library, npm, work)
    licences = [_licence(library, source)]
    licences += [_licence(inner, _unpack(inner, npm, work)) for inner in library["inside"]]
    (folder / LICENCES).write_text("\n\n".join(licences), encoding="utf-8")
    entries = []
    for path, address in library["files"].items():
        target = folder / path.removeprefix("dist/")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(_without_source_map((source / path).read_bytes()))
        entries.append(_entry(library, target, address))
    return entries


def _entry(library: Package, path: Path, address: str) -> dict[str, str]:
    return {
        "address": address,
        "file": path.relative_to(TARGET).as_posix(),
        "package": library["name"],
        "version": library["version"],
        "licence": library["licence"],
        "licence_file": f"{library['name']}-{library['version']}/{LICENCES}",
        "integrity": f"sha512-{_sha512(path)}",
    }


def _without_source_map(content: bytes) -> bytes:
    """Take out a last line that names a source map: browsers would ask for it in vain."""
    body, _, last = content.rstrip().rpartition(b"\n")
    return body + b"\n" if b"sourceMappingURL=" in last else content


def _unpack(package: Package, npm: str, work: Path) -> Path:
    """Fetch a package, check its integrity, and return the folder of its files."""
    command = [npm, "pack", "--silent", f"{package['name']}@{package['version']}"]
    told = subprocess.run(command, cwd=work, check=True, capture_output=True, text=True)  # noqa: S603 - fixed words
    archive = work / told.stdout.split()[-1]
    if _sha512(archive) != package["sha512"]:
        sys.exit(f"{archive.name}: not the pinned archive, its SHA-512 is {_sha512(archive)}")
    folder = work / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return next(folder.iterdir())  # npm's archives hold one folder


def _licence(package: Package, folder: Path) -> str:
    """Return the licence text of a package, headed by its name."""
    found = sorted(folder.glob("LICEN[CS]E*"))
    if not found and "notice" not in package:
        sys.exit(f"{package['name']}: no licence text in its archive; give a notice in vendor.json")
    text = found[0].read_text(encoding="utf-8").strip() if found else _noticed(package)
    head = f"{package['name']} {package['version']} ({package['licence']})"
    return f"{head}\n{'=' * len(head)}\n\n{text}\n"


def _noticed(package: Package) -> str:
    """Return a notice from the package's repository, where its archive has no licence text."""
    return f"{package['notice']}\n\nThe conditions are those at the head of this file."


def _sha512(path: Path) -> str:
    return base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()


if __name__ == "__main__":
    main()
