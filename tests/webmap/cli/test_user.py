"""Accounts from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.webmap.staff.conftest import areas
from webmap.account.link import hash_link
from webmap.auth import verify_password

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.store import Store
    from tests.webmap.conftest import Run, Save

__all__ = ["areas"]  # a fixture of the desk's tests


def test_a_random_password_is_the_only_line_on_stdout(run: Run, own_store: Store) -> None:
    result = run("user", "add", "li", "--role", "editor")
    user = own_store.find_user("li")
    assert result.exit_code == 0
    assert user
    assert (user.role, user.area) == ("editor", "")
    assert verify_password(user.password_hash, result.stdout.strip())
    assert result.stdout.strip() not in result.stderr


def test_a_password_comes_from_standard_input_and_is_not_printed(
    run: Run, own_store: Store
) -> None:
    words = ("user", "add", "li", "--role", "admin", "--password-stdin")
    result = run(*words, input="correct horse battery\n")
    user = own_store.find_user("li")
    assert user
    assert verify_password(user.password_hash, "correct horse battery")
    assert "correct" not in result.output


def test_an_existing_name_exits_1_and_keeps_its_password(run: Run, own_store: Store) -> None:
    run("user", "add", "li", "--role", "admin")
    before = own_store.find_user("li")
    result = run("user", "add", "li", "--role", "viewer")
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert own_store.find_user("li") == before


@pytest.mark.parametrize("words", [["li"], ["li", "--role", "king"], ["--role", "admin"]])
def test_a_name_and_a_known_role_are_needed(run: Run, words: list[str]) -> None:
    assert run("user", "add", *words).exit_code == 2


def test_a_short_password_is_refused_before_anything_is_made(run: Run, own_store: Store) -> None:
    result = run("user", "add", "li", "--role", "admin", "--password-stdin", input="short\n")
    assert result.exit_code == 1
    assert own_store.find_user("li") is None


def test_there_is_no_default_account(own_store: Store) -> None:
    assert own_store.list_users() == []


def test_the_area_is_a_code_or_a_name(run: Run, own_store: Store, areas: gpd.GeoDataFrame) -> None:
    assert len(areas) == 3
    for name, area in (("a", "110101005"), ("b", "东四街道"), ("c", "")):
        assert run("user", "add", name, "--role", "editor", "--area", area).exit_code == 0
    found = {user.name: user.area for user in own_store.list_users()}
    assert found == {"a": "110101005", "b": "110101005", "c": ""}


@pytest.mark.usefixtures("areas")
@pytest.mark.parametrize(
    ("area", "words"),
    [
        ("东四", "there is no area 东四; near ones: 东四街道 (110101005)"),
        ("110101006", "near ones: 110101010 (朝阳门街道), 110101005 (东四街道)"),
        ("nowhere at all", "the first of 3 are: 东城区 (110101)"),
    ],
)
def test_an_unknown_area_is_refused_with_near_ones(
    run: Run, own_store: Store, area: str, words: str
) -> None:
    result = run("user", "add", "li", "--role", "editor", "--area", area)
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stdout == ""
    assert own_store.list_users() == []


def test_without_areas_it_says_how_they_come(run: Run, save: Save, own_store: Store) -> None:
    result = run("user", "add", "li", "--role", "editor", "--area", "东四街道")
    assert result.exit_code == 1
    assert "nuanyi areas import" in result.stderr
    save({"code": "W", "name": "西", "subdistrict": "东四街道"})
    assert run("user", "add", "li", "--role", "editor", "--area", "东四街道").exit_code == 0
    user = own_store.find_user("li")
    assert user
    assert user.area == "东四街道"  # by name, as its stations have it


def test_accounts_are_listed_without_hashes(
    run: Run, save: Save, own_store: Store, areas: gpd.GeoDataFrame
) -> None:
    assert len(areas) == 3
    save({"code": "W", "name": "西"})
    assert run("user", "list").stdout == ""
    run("user", "add", "li", "--role", "editor", "--area", "110101005")
    run("user", "add", "总", "--role", "admin")
    run("user", "keeper", "店里", "--station", "W")
    assert run("user", "list").stdout.splitlines() == [
        "li\teditor\t东四街道\tenabled",
        "店里\tkeeper\tW\tenabled",
        "总\tadmin\tall areas\tenabled",
    ]
    rows = json.loads(run("user", "list", "--json").stdout)
    assert [row["name"] for row in rows] == ["li", "店里", "总"]
    assert rows[1]["stations"] == ["W"]
    assert rows[1]["has_link"]
    keeper = own_store.find_user("店里")
    assert keeper
    assert keeper.link_hash not in str(rows)
    assert "password" not in str(rows)


def test_role_and_area_are_changed(run: Run, own_store: Store, areas: gpd.GeoDataFrame) -> None:
    assert len(areas) == 3
    run("user", "add", "li", "--role", "editor")
    assert run("user", "change", "li", "--role", "reviewer", "--area", "东城区").exit_code == 0
    user = own_store.find_user("li")
    assert user
    assert (user.role, user.area) == ("reviewer", "110101")
    run("user", "change", "li", "--area", "")
    user = own_store.find_user("li")
    assert user
    assert (user.role, user.area) == ("reviewer", "")
    assert run("user", "change", "li").exit_code == 2
    assert run("user", "change", "li", "--area", "东四").exit_code == 1
    assert "wang" in run("user", "change", "wang", "--role", "admin").stderr


def test_a_password_is_changed_and_an_account_disabled(run: Run, own_store: Store) -> None:
    run("user", "add", "li", "--role", "editor")
    result = run("user", "password", "li")
    user = own_store.find_user("li")
    assert user
    assert verify_password(user.password_hash, result.stdout.strip())
    result = run("user", "password", "li", "--password-stdin", input="correct horse battery\n")
    assert result.stdout == ""
    assert run("user", "password", "wang").exit_code == 1
    for command, disabled in (("disable", True), ("enable", False)):
        assert run("user", command, "li").exit_code == 0
        user = own_store.find_user("li")
        assert user
        assert user.disabled is disabled
    assert verify_password(user.password_hash, "correct horse battery")


def test_a_keeper_gets_a_link_another_and_none(run: Run, save: Save, own_store: Store) -> None:
    save({"code": "W", "name": "西"}, {"code": "E", "name": "东"})
    first = run("user", "keeper", "店里", "--station", "W", "--site", "https://n.example/")
    assert first.stdout.startswith("https://n.example/k/")
    token = first.stdout.strip().rpartition("/")[2]
    assert own_store.find_keeper(hash_link(token))
    second = run("user", "keeper", "店里")
    keeper = own_store.find_keeper(hash_link(second.stdout.strip().removeprefix("/k/")))
    assert keeper
    assert keeper.stations == ["W"]
    assert own_store.find_keeper(hash_link(token)) is None
    run("user", "keeper", "店里", "--station", "E", "--station", "W")
    keeper = own_store.find_user("店里")
    assert keeper
    assert keeper.stations == ["E", "W"]
    assert run("user", "keeper", "店里", "--revoke").stdout == ""
    keeper = own_store.find_user("店里")
    assert keeper
    assert keeper.link_hash == ""


def test_a_keeper_needs_stations_that_are_there(run: Run, save: Save, own_store: Store) -> None:
    save({"code": "W", "name": "西"})
    assert "needs a station" in run("user", "keeper", "店里").stderr
    assert "no station has the code X" in run("user", "keeper", "店里", "--station", "X").stderr
    run("user", "add", "li", "--role", "editor")
    assert "take another name" in run("user", "keeper", "li", "--station", "W").stderr
    assert "no keeper" in run("user", "keeper", "li", "--revoke").stderr
    run("user", "keeper", "店里", "--station", "W")
    for words in (("password", "店里"), ("change", "店里", "--role", "admin")):
        assert "is a keeper" in run("user", *words).stderr
    assert [user.role for user in own_store.list_users()] == ["editor", "keeper"]
