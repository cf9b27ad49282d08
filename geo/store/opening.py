"""Open a store, and make it where there is none."""

from __future__ import annotations

from geo.errors import StoreMissingError
from geo.store.engine import build_engine, parse_url, reaching, sqlite_file
from geo.store.files import make_private_file
from geo.store.revision import require_schema
from geo.store.store import Store


def open_store(url: str, *, create: bool = True) -> Store:
    """Open the store at an address, creating it where there is none.

    Parameters
    ----------
    url : str
        ``sqlite:///PATH`` or ``postgresql://USER@HOST/DATABASE``; the PostgreSQL database must
        exist and offer PostGIS.
    create : bool
        False: a missing or empty database is an error.

    Returns
    -------
    Store
        Close it, or use it as a context manager. Threads may share it; processes may not.

    Raises
    ------
    InvalidOptionError
        The address cannot be read or names another engine.
    StoreUnavailableError
        The database cannot be reached.
    StoreMissingError
        It is missing or empty, and ``create`` is false.
    StoreSchemaError
        Its schema is older (run ``upgrade``) or newer than this code, or it is not Nuanyi's.
    """
    address = parse_url(url)
    file = sqlite_file(address)
    if file and not create and not file.exists():
        msg = (
            f"there are no stations yet: no store {file}; import some with "
            "nuanyi stations import FILE, or check the path"
        )
        raise StoreMissingError(msg)
    if file and create:
        make_private_file(file)
    engine = build_engine(address)
    try:
        with reaching(address):
            require_schema(engine, create=create)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)
