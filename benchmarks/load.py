"""A load of HTTP requests over kept-alive connections, made by a process of its own."""

from __future__ import annotations

import multiprocessing
import selectors
import socket
import time
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

CONNECTIONS: Final = 16
_WARM_S: Final = 0.5  # not counted
_HEAD: Final = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(frozen=True)
class Rate:
    """What a server answered."""

    per_s: float
    p50_ms: float
    p99_ms: float
    errors: int  # answers that were not 200


def run_load(port: int, paths: Sequence[str], *, seconds: float) -> Rate:
    """Ask for the paths in turn, each connection as soon as it has its answer."""
    here, there = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    client = context.Process(target=_ask, args=(there, port, list(paths), seconds))
    client.start()
    took_s, errors = here.recv()
    client.join()
    took_ms = np.asarray(took_s) * 1e3
    p50, p99 = np.percentile(took_ms, [50, 99])
    return Rate(len(took_ms) / seconds, float(p50), float(p99), errors)


def _ask(answer: Connection, port: int, paths: list[str], seconds: float) -> None:
    """Run the load and send how long each answer took, in seconds, and the number of errors."""
    requests = cycle([b"GET " + path.encode("ascii") + _HEAD for path in paths])
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        one = _Asker(socket.create_connection(("127.0.0.1", port)), requests)
        selector.register(one.socket, selectors.EVENT_READ, one)
    took: list[float] = []
    errors, counting_from = 0, time.perf_counter() + _WARM_S
    end = counting_from + seconds
    while (now := time.perf_counter()) < end:
        for key, _ in selector.select(timeout=end - now):
            one = key.data
            sent = one.sent
            if one.receive():
                done = time.perf_counter()
                if done >= counting_from:
                    took.append(done - sent)
                    errors += not one.is_good
                one.ask()
    answer.send((took, errors))


class _Asker:
    """One connection with one open request."""

    def __init__(self, connection: socket.socket, requests: Iterator[bytes]) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket, self._requests = connection, requests
        self.ask()

    def ask(self) -> None:
        """Send the next request."""
        self._got, self._length = b"", -1
        self.sent = time.perf_counter()
        self.socket.sendall(next(self._requests))

    def receive(self) -> bool:
        """Take in what has come; return True when the answer is whole."""
        self._got += self.socket.recv(1 << 18)
        if self._length < 0:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return False
            head = self._got[:end].lower()
            self.is_good = head.startswith(b"http/1.1 200")
            length = head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]
            self._length = end + 4 + int(length)
        return len(self._got) >= self._length
