"""The staff desk: lists brought in. An import belongs to who uploaded it: others' are not there."""

from __future__ import annotations

from tests.webmap.rights.right import seen, sent

_NOBODYS = "/staff/import/0123456789abcdefghijkl"
_FILE = b"code,name,lon,lat\nZ,made up,116.41,39.93\n"

RIGHTS = (
    seen("staff.import_home", "/staff/import", "editor"),
    sent(
        "staff.import_start",
        "/staff/import",
        "editor",
        writes=False,
        form={"file": (_FILE, "a.csv")},
    ),
    *(
        seen(f"staff.import_{name}", _NOBODYS + path, "editor", done=404)
        for name, path in (
            ("one", ""),
            ("state", "/state"),
            ("look", "/look"),
            ("plan", "/plan"),
            ("done", "/done"),
            ("refused", "/refused.csv"),
        )
    ),
    *(
        sent(f"staff.import_{name}", f"{_NOBODYS}/{path}", "editor", done=404, writes=False)
        for name, path in (
            ("chosen", "look"),
            ("answers", "answers"),
            ("save", "save"),
            ("delete", "delete"),
        )
    ),
)
