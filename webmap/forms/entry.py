"""What is said at a field of entry that contradicts another: a hint, nothing is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import lazy_gettext

from geo.stations.entry import ENTRY_FAULTS, find_entry_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

_WORDS: Final[dict[str, LazyString]] = {
    "phone_but_no_phone": lazy_gettext(
        "写了不用手机，可进门只有扫码或者下载应用。没手机的人怎么进？"
    ),
    "no_phone_but_phone": lazy_gettext("写了要用手机，可又能直接进门。到底要不要手机？"),
    "registered_but_not": lazy_gettext("写了不用登记，可每种进门方式都要先登记。"),
    "self_hours_no_entry": lazy_gettext("没人值守的时候也开，可没写怎么进门。"),
    "self_entry_no_hours": lazy_gettext("写了没人值守时怎么进门，可没写几点到几点。"),
}


def say_entry(cells: Mapping[str, str]) -> dict[str, str]:
    """Return hints by field; of a station whose entry fits together none."""
    return {
        ENTRY_FAULTS[fault][0]: str(_WORDS[fault]) for fault in reversed(find_entry_faults(cells))
    }
