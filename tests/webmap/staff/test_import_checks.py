"""What an import brought in though nobody answered its questions is looked into by staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.webmap.staff.conftest import send
from tests.webmap.staff.test_import import commit, csv_of, patience, plan, row

if TYPE_CHECKING:
    from geo.store import Store
    from tests.webmap.conftest import Save
    from tests.webmap.staff.conftest import Login

__all__ = ["patience"]  # a fixture of these tests as well


@pytest.mark.parametrize(
    ("answers", "opened"),
    [
        ({"rest": "new"}, [("N", "alike", "B")]),  # nobody said anything of the row itself
        ({"row_2": "new"}, []),
        ({"row_2": "leave"}, []),
        ({}, []),  # left out
    ],
)
def test_a_row_that_may_be_known_opens_a_check_unless_somebody_answered(
    login: Login, own_store: Store, save: Save, answers: dict[str, str], opened: list[object]
) -> None:
    save({"code": "B", "name": "隆福寺爱心驿站", "address": "钱粮胡同3号", "lon": "116.41"})
    browser = login()
    content = csv_of(row("N", "隆福寺工会驿站", 116.4103, 40.0001, "钱粮胡同3号", "24小时", ""))
    where, _ = plan(browser, content, datum="wgs84")
    send(browser, f"{where}/answers", answers, page=f"{where}/plan")
    commit(browser, where, **{name: word for name, word in answers.items() if name == "rest"})
    found = [(check.code, check.reason, check.amenity) for check in own_store.list_checks()]
    assert found == opened
    stored = set(own_store.read_stations()["code"])
    assert stored == ({"B", "N"} if "new" in answers.values() else {"B"})
