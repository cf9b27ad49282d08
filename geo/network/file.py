"""One file per network: an .npz archive of plain arrays, with a format number."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import SourceFormatError
from geo.network.graph import Network, NetworkSummary, on_grid
from geo.network.names import Street, StreetNames

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.lib.npyio import NpzFile
    from numpy.typing import NDArray

FORMAT: Final = "nuanyi-network-1"
_DAMAGE: Final = (
    OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile,
)  # fmt: skip  # all that numpy, zip and JSON raise over a foreign file
_ARRAYS: Final = tuple(
    field.name for field in fields(Network) if field.name not in {"facts", "names"}
)
_STREET: Final = "street"  # (m,) row of the streets; absent in files of older versions
_STREETS: Final = "streets"  # JSON: [[name, name_en], ...]


def write_network(network: Network, path: Path) -> None:
    """Write ``network`` to exactly ``path`` (no suffix is added); same network, same bytes."""
    header = json.dumps({"format": FORMAT, **asdict(network.facts)}, ensure_ascii=False)
    arrays = {name: getattr(network, name) for name in _ARRAYS}
    if network.names:
        arrays[_STREET] = network.names.of
        arrays[_STREETS] = _text(json.dumps(network.names.streets, ensure_ascii=False))
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        np.savez(file, header=_text(header), **arrays)
    partial.replace(path)


def read_network(path: Path) -> Network:
    """Read a network that `write_network` wrote.

    Raises
    ------
    SourceFormatError
        The file is missing, damaged, of another kind, or of another format number.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            header = json.loads(archive["header"].tobytes())
            if header.pop("format") == FORMAT:
                header["sources"] = tuple(header["sources"])
                arrays = {name: archive[name] for name in _ARRAYS}
                arrays["length_m"] = on_grid(arrays["length_m"])  # older files hold finer ones
                facts, names = NetworkSummary(**header), _read_names(archive)
                return Network(**arrays, facts=facts, names=names)
    except FileNotFoundError as error:
        msg = f"{path}: no such file; make one with `nuanyi network build EXTRACT --out {path}`"
        raise SourceFormatError(msg) from error
    except _DAMAGE as error:
        msg = f"{path}: not a network file; make one with `nuanyi network build EXTRACT --out FILE`"
        raise SourceFormatError(msg) from error
    msg = f"{path}: written by another version of Nuanyi; build it again from its extract"
    raise SourceFormatError(msg)


def _read_names(archive: NpzFile) -> StreetNames | None:
    """Return the streets of an archive; None where it holds none.

    Raises
    ------
    ValueError
        They do not fit the edges.
    """
    if _STREET not in archive:
        return None
    streets = json.loads(archive[_STREETS].tobytes())
    of = archive[_STREET]
    if int(of.max(initial=0)) >= len(streets):
        msg = "an edge is of a street that is not listed"
        raise ValueError(msg)
    return StreetNames(of, tuple(Street(*words) for words in streets))


def _text(text: str) -> NDArray[np.uint8]:
    """Return a text as an array of its bytes in UTF-8."""
    return np.frombuffer(text.encode(), dtype=np.uint8)
