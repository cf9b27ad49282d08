"""Serving: granian with several processes, or waitress in pure Python where granian is missing.

Neither writes an access log: addresses may hold what somebody searched for.
"""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import signal
import socket
import threading
from contextlib import nullcontext
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from geo.errors import GeoError, InvalidOptionError
from geo.store import open_store
from webmap import create_app
from webmap.demo import make_demo
from webmap.runs.keeper import WorkerKeeper
from webmap.secret import load_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from webmap.settings import Settings

logger = logging.getLogger(__name__)

_THREADS: Final = 4  # per granian process: one slow answer must not hold up the others
_WAITRESS_THREADS: Final = 8  # measured: twice the answers of its default 4
_STOP_S: Final = 10  # a worker that has not stopped by then is ended
_PROBE_S: Final = 0.1


def serve(
    settings: Settings,
    *,
    host: str,
    port: int,
    workers: int,
    say: Callable[[str], None],
    with_worker: bool = True,
) -> None:
    """Serve until SIGINT or SIGTERM.

    The first start makes the instance folder, the secret and the store, before any worker runs,
    so that what is wrong is said once and at once.

    Parameters
    ----------
    settings : Settings
        Passed on to the worker processes through their environment.
    host, port : str, int
        Where to listen.
    workers : int
        Processes of granian; waitress runs one.
    say : callable
        Called with one line once the site really answers.
    with_worker : bool
        Whether to run a worker for planners' runs beside the site.

    Raises
    ------
    InvalidOptionError
        The address is in use or not of this machine.
    """
    prepare(settings, say=say)
    _require_free(host, port)
    os.environ["NUANYI_INSTANCE"] = str(settings.instance)
    os.environ["NUANYI_DB"] = settings.database
    stopped = threading.Event()
    probe = threading.Thread(target=_announce, args=(host, port, say, stopped), daemon=True)
    try:
        with WorkerKeeper(settings) if with_worker else nullcontext():
            if find_spec("granian"):
                _serve_granian(host, port, workers, probe)
            else:
                _serve_waitress(settings, host, port, probe)
    finally:
        stopped.set()


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Make what a first start makes, and refuse to start on a store that does not open."""
    settings.make_instance()
    load_secret(settings)
    with open_store(settings.database) as store:
        is_empty = store.count_stations() == 0
    if is_empty and not settings.demo_file.is_file():
        say("Making the demo district, once ...")
        try:
            make_demo(settings)
        except GeoError as error:  # the site is of use without it
            say(f"No demo: {error}")


def shown_address(host: str, port: int) -> str:
    """Return the address a person on this machine can open.

    Examples
    --------
    >>> shown_address("0.0.0.0", 8000)
    'http://127.0.0.1:8000/'
    >>> shown_address("::1", 80)
    'http://[::1]:80/'
    """
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{near}]:{port}/" if ":" in near else f"http://{near}:{port}/"


def _require_free(host: str, port: int) -> None:
    """Bind the address once and let it go: granian would share a port in use, and say nothing.

    Raises
    ------
    InvalidOptionError
        Somebody else listens there, or the host is not this machine's.
    """
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            if os.name == "posix":  # elsewhere the option would let two listen at once
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen(1)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            msg = f"port {port} of {host} is in use; stop what runs there or give another --port"
        else:
            msg = f"cannot listen on {host}, port {port}: {error.strerror or error}"
        raise InvalidOptionError(msg) from error


def _serve_granian(host: str, port: int, workers: int, probe: threading.Thread) -> None:
    """Run granian in worker processes of their own; its signals are its own as well."""
    from granian import Granian  # noqa: PLC0415 - not installed on Windows
    from granian.constants import Interfaces  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    # Fresh processes: a forked one would share open sockets, threads and PROJ's state
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "webmap",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_S,
    )
    server.on_startup(probe.start)
    # Its own loader takes "webmap" for a path below the current folder where one is there
    server.serve(target_loader=create_app, wrap_loader=False)


def _serve_waitress(settings: Settings, host: str, port: int, probe: threading.Thread) -> None:
    """Run waitress in this process until a signal ends it."""
    from waitress import create_server  # noqa: PLC0415 - only the fallback needs it

    server: Any = create_server(
        create_app(settings), host=host, port=port, threads=_WAITRESS_THREADS, ident=None
    )
    ends = (signal.SIGTERM, signal.SIGINT)  # a shell starts what runs behind it with INT ignored
    previous = {end: signal.signal(end, signal.default_int_handler) for end in ends}
    probe.start()
    try:
        server.run()
    except KeyboardInterrupt:
        logger.info("stopped by a signal")
    finally:
        for end, handler in previous.items():
            signal.signal(end, handler)
        server.close()


def _announce(host: str, port: int, say: Callable[[str], None], stopped: threading.Event) -> None:
    """Ask until the site answers, then say where it is, once."""
    address = shown_address(host, port)
    near = address.removeprefix("http://").rstrip("/")
    while not stopped.wait(_PROBE_S):
        if _answers(near):
            say(f"Nuanyi is at {address}")
            return


def _answers(near: str) -> bool:
    """Return whether the site says that it is alive."""
    connection = HTTPConnection(near, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200  # noqa: PLR2004 - HTTP's "OK"
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
