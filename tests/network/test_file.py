"""A network in one file: what is read is what was written."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geo.errors import SourceFormatError
from geo.network import read_network, write_network
from geo.network.names import NAMELESS, Street, StreetNames
from tests.networks import random_network

if TYPE_CHECKING:
    from pathlib import Path


def test_a_network_read_again_is_the_same(tmp_path: Path) -> None:
    network = random_network(1)
    write_network(network, tmp_path / "n")
    again = read_network(tmp_path / "n")
    assert again.facts == network.facts
    for field in fields(network):
        if field.name not in {"facts", "names"}:
            before, after = getattr(network, field.name), getattr(again, field.name)
            assert before.dtype == after.dtype
            np.testing.assert_array_equal(before, after)


def test_the_names_of_streets_are_read_again(tmp_path: Path) -> None:
    network = replace(random_network(1), names=None)
    of = np.arange(len(network.u)) % 3 - 1
    streets = [Street("澄江大街", "Chengjiang Avenue"), Street("环城路", "")]
    write_network(replace(network, names=StreetNames.of_rows(of, streets)), tmp_path / "n")
    again = read_network(tmp_path / "n")
    assert [again.street_of(edge) for edge in range(3)] == [NAMELESS, *streets]
    assert again.names is not None
    assert again.names.of.dtype == np.uint8


def test_a_file_of_an_older_version_has_no_names_and_is_read_all_the_same(tmp_path: Path) -> None:
    write_network(replace(random_network(1), names=None), tmp_path / "n")
    again = read_network(tmp_path / "n")
    assert again.names is None
    assert again.street_of(0) == NAMELESS


def test_names_that_do_not_fit_the_edges_are_a_damage(tmp_path: Path) -> None:
    network = random_network(1)
    wrong = StreetNames(np.full(len(network.u), 7, dtype=np.uint8), (NAMELESS,))
    write_network(replace(network, names=wrong), tmp_path / "n")
    with pytest.raises(SourceFormatError):
        read_network(tmp_path / "n")


def test_the_path_is_written_exactly_as_given_and_nothing_beside_it(tmp_path: Path) -> None:
    write_network(random_network(1), tmp_path / "n")
    assert [path.name for path in tmp_path.iterdir()] == ["n"]


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_network(random_network(2), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 but no archive"])
def test_a_file_of_another_kind_is_refused_with_the_remedy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "n").write_bytes(content)
    with pytest.raises(SourceFormatError, match="nuanyi network build"):
        read_network(tmp_path / "n")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="none"):
        read_network(tmp_path / "none")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n"
    write_network(random_network(1), path)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(SourceFormatError):
        read_network(path)


def test_another_format_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n"
    write_network(random_network(1), path)
    path.write_bytes(path.read_bytes().replace(b"nuanyi-network-1", b"nuanyi-network-9"))
    with pytest.raises(SourceFormatError):
        read_network(path)
