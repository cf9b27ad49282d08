"""What is said beside a headline that should not be believed at once."""

from __future__ import annotations

import pytest

from geo.report import say
from tests.report.made import covered_run


@pytest.mark.parametrize(("share", "is_said"), [(0.0, False), (0.05, False), (0.74, True)])
def test_many_fixes_too_fast_for_one_person_are_said_beside_the_headline(
    share: float, *, is_said: bool
) -> None:
    summary = covered_run()[0].summary()
    fast = round(share * summary["fixes"])
    summary = summary | {"dropped": {**summary["dropped"], "impossible_speed": fast}}
    said = [one for one in say.grave_doubts(summary, "en") if "taken for one" in one]
    assert bool(said) == is_said
    assert all(say.percent(fast / summary["fixes"], "en") in one for one in said)
    assert set(said) <= set(say.doubts(summary, "en"))
