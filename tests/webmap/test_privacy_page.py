"""The page on privacy, and the document beside it, say what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.store.tables import CHECKS, LOGINS, REPORTS, WISHES
from webmap import create_app
from webmap.account.tries import COOKIE
from webmap.chores import KEPT
from webmap.devices import LIFE_H
from webmap.preferences import CHOICES

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from webmap.settings import Settings

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "privacy.md").read_text("utf-8")


def test_the_page_opens_in_both_languages_and_without_a_station(client: FlaskClient) -> None:
    assert "不用注册" in client.get("/privacy").text
    assert client.get("/privacy?lang=en").status_code == 200


def test_page_and_document_name_how_long_reports_are_kept(client: FlaskClient) -> None:
    assert f"一共留 {KEPT.days} 天" in client.get("/privacy").text
    assert f"| {KEPT.days} days |" in DOCUMENT
    assert f"thrown away {LIFE_H} h later" in DOCUMENT


@pytest.mark.parametrize(
    "word", [*CHOICES, COOKIE, REPORTS.name, WISHES.name, CHECKS.name, LOGINS.name]
)
def test_every_cookie_and_table_of_what_people_leave_is_in_the_document(word: str) -> None:
    assert f"`{word}`" in DOCUMENT


@pytest.mark.parametrize("table", [REPORTS, WISHES, CHECKS], ids=lambda table: table.name)
def test_no_table_of_workers_words_has_a_place_for_a_position(table: object) -> None:
    columns = {column.name for column in table.columns}  # type: ignore[attr-defined]  # a Table
    assert not {name for name in columns if re.search("^(lon|lat|x|y|position|address|ip)$", name)}


def test_providers_of_the_map_are_named(settings: Settings) -> None:
    settings.make_instance()
    provider = {"name": "某图", "address": "https://tiles.example/{z}/{x}/{y}.png",
                "attribution": "某图", "datum": "gcj02", "max_zoom": 18}  # fmt: skip
    (settings.instance / "tiles.json").write_text(json.dumps([provider]), encoding="utf-8")
    app = create_app(settings)
    page = app.test_client().get("/privacy").text
    app.extensions["stores"].close()
    assert "底图可能从 某图 来" in page
    assert "网页里的东西全从这个网站来" not in page
