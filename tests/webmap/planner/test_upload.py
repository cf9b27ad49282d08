"""Uploads: straight to the disk, for their owner's eyes, never more than the limit, gone after."""

from __future__ import annotations

import io
import shutil
import tracemalloc
from collections import namedtuple
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.webmap.planner.conftest import CSV, run_of, send_files
from tests.webmap.staff.conftest import hidden
from webmap.runs.upload import MB, Intake, safe_name

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.webmap.staff.conftest import Login
    from webmap.settings import Settings

pytestmark = pytest.mark.usefixtures("asleep")


@pytest.fixture
def small_limit(app: Flask, settings: Settings) -> Settings:
    """Allow 1 MB."""
    app.extensions["settings"] = replace(settings, upload_mb=1)
    return settings


def folders(settings: Settings) -> list[str]:
    """Return what lies among the runs, locks left out."""
    if not settings.runs.is_dir():
        return []
    return sorted(path.name for path in settings.runs.iterdir() if path.is_dir())


class Zeros(io.RawIOBase):
    """A body of a given length that holds nothing in memory."""

    def __init__(self, head: bytes, zeros: int, tail: bytes) -> None:
        self._head, self._zeros, self._tail = head, zeros, tail

    @property
    def left(self) -> int:
        """The zeros that nobody has read."""
        return self._zeros

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - the signature of files
        """Fill the buffer from head, zeros or tail."""
        size = memoryview(buffer).nbytes
        if self._head:
            data, self._head = self._head[:size], self._head[size:]
        elif self._zeros:
            data = bytes(min(size, self._zeros))
            self._zeros -= len(data)
        else:
            data, self._tail = self._tail[:size], self._tail[size:]
        memoryview(buffer)[: len(data)] = data
        return len(data)


def send_zeros(browser: FlaskClient, megabytes: int, name: str = "big.csv", **environ: Any) -> Any:  # noqa: ANN401 - passed on
    """Send a form whose file is that large, without ever holding it."""
    token = hidden(browser.get("/plan/").text, "csrf_token")
    fields = {"csrf_token": token, "name": "周一早班", "limit": "500"}
    head = "".join(
        f'--xyz\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    head += f'--xyz\r\nContent-Disposition: form-data; name="tracks"; filename="{name}"\r\n\r\n'
    tail = b"\r\n--xyz--\r\n"
    body = Zeros(head.encode(), megabytes * MB, tail)
    length = len(head.encode()) + megabytes * MB + len(tail)
    kind = "multipart/form-data; boundary=xyz"
    usual = {"wsgi.input": body, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)}
    return browser.post("/plan/", environ_overrides={**usual, **environ})


def test_a_file_goes_to_the_disk_readable_by_its_owner_only(
    login: Login, settings: Settings
) -> None:
    answer = send_files(login(role="viewer"), (CSV, "早班.csv"))
    assert answer.status_code == 303
    [name] = folders(settings)
    assert answer.headers["Location"] == f"/plan/runs/{name}/check"
    folder = settings.runs / name
    [file] = (folder / "upload").glob("*/*")
    assert file.name == "早班.csv"
    assert file.read_bytes() == CSV
    assert file.stat().st_mode & 0o777 == 0o600
    for closed in (settings.runs, folder, folder / "upload", file.parent):
        assert closed.stat().st_mode & 0o777 == 0o700
    run = run_of(settings, folder)
    assert (run.owner, run.name, run.files[0].size_bytes) == ("小王", "早班.csv", len(CSV))
    assert run.state == "draft"


def test_several_files_keep_their_order_and_names(login: Login, settings: Settings) -> None:
    send_files(login(), (b"1", "a.csv"), (b"22", "a.csv"), (b"333", "b.gpx"))
    [name] = folders(settings)
    run = run_of(settings, name)
    assert [(file.name, file.size_bytes) for file in run.files] == [
        ("a.csv", 1),
        ("a.csv", 2),
        ("b.gpx", 3),
    ]


def test_no_upload_is_ever_in_memory_as_a_whole(login: Login, settings: Settings) -> None:
    browser = login()
    browser.get("/plan/")
    tracemalloc.start()
    assert send_zeros(browser, 60).status_code == 303
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * MB
    [name] = folders(settings)
    [file] = (settings.runs / name / "upload").glob("*/*")
    assert file.stat().st_size == 60 * MB


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("megabytes", [2, 3, 50])
def test_more_than_the_limit_is_refused_in_plain_words_and_leaves_nothing(
    login: Login, settings: Settings, megabytes: int
) -> None:
    answer = send_zeros(login(), megabytes)
    assert answer.status_code == 413
    assert "文件一共超过了 1 MB，没有收下" in answer.text
    assert "先压缩成 .zip 再传" in answer.text
    assert folders(settings) == []


@pytest.mark.usefixtures("small_limit")
def test_a_body_that_does_not_say_its_length_is_stopped_on_the_way(
    login: Login, settings: Settings
) -> None:
    answer = send_zeros(login(), 3, **{"CONTENT_LENGTH": "", "wsgi.input_terminated": True})
    assert answer.status_code == 413
    assert folders(settings) == []


def test_a_visitor_uploads_nothing(client: FlaskClient, settings: Settings) -> None:
    tracks = {"tracks": (io.BytesIO(CSV), "a.csv"), "name": "早班"}
    answer = client.post("/plan/", data=tracks)
    assert answer.status_code == 401
    assert "只有文件要重新选一次" in answer.text
    assert "早班" in answer.text
    assert folders(settings) == []


def test_a_visitor_s_large_body_is_answered_before_it_is_read(
    client: FlaskClient, settings: Settings
) -> None:
    head = b'--xyz\r\nContent-Disposition: form-data; name="tracks"; filename="a.csv"\r\n\r\n'
    body = Zeros(head, 10 * MB, b"\r\n--xyz--\r\n")
    kind = "multipart/form-data; boundary=xyz"
    length = {
        "CONTENT_LENGTH": str(10 * MB + len(head) + 11),
        "CONTENT_TYPE": kind,
        "wsgi.input": body,
    }
    answer = client.post("/plan/", environ_overrides=length)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/login?next=/plan/"
    assert body.left > 9 * MB
    assert folders(settings) == []


def test_a_session_that_ran_out_brings_the_options_back_after_the_login(login: Login) -> None:
    browser = login()
    address = send_files(browser, (CSV, "a.csv")).headers["Location"]
    typed = {"restore": "1", "limit": "500", "name": "早班", "datum": "gcj02", "tz": "UTC"}
    token = hidden(browser.get(address).text, "csrf_token")
    page = browser.post(address, data={"csrf_token": token, **typed})
    assert page.status_code == 200
    for words in ('value="早班"', 'value="500" checked', 'value="gcj02" selected'):
        assert words in page.text


def test_options_sent_after_the_session_ran_out_are_kept_for_the_login(
    login: Login, client: FlaskClient
) -> None:
    address = send_files(login(), (CSV, "a.csv")).headers["Location"]
    answer = client.post(address, data={"name": "周一早班", "limit": "500"})
    assert answer.status_code == 401
    assert "周一早班" in answer.text


def test_a_form_without_its_token_leaves_nothing(login: Login, settings: Settings) -> None:
    answer = login().post("/plan/", data={"tracks": (io.BytesIO(CSV), "a.csv")})
    assert answer.status_code == 400
    assert folders(settings) == []


def test_a_full_disk_refuses_before_anything_is_written(
    login: Login, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")(10**9, 10**9, 10**8)  # noqa: PYI024 - as shutil's
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    answer = send_files(login(), (CSV, "a.csv"))
    assert answer.status_code == 507
    assert "硬盘快满了" in answer.text
    assert folders(settings) == []


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([], "还没有选文件"),
        ([(b"", "a.csv")], "“a.csv”是空的"),
        ([(b"PK", "a.xlsx")], "另存为 CSV（UTF-8）"),
        ([(b"x", "a.pdf")], "“a.pdf”不是认得的格式"),
        ([(CSV, "a.csv"), (b"x", "noname")], "“noname”不是认得的格式"),
    ],
)
def test_what_is_wrong_at_first_sight_is_said_at_once(
    login: Login, settings: Settings, files: list[tuple[bytes, str]], words: str
) -> None:
    answer = send_files(login(), *files)
    assert answer.status_code == 422
    assert words in answer.text
    assert folders(settings) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/cron.d/x.csv", "x.csv"),
        ("C:\\tracks\\早班 1.csv", "早班 1.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("..", "_"),
        ("<img src=x>.gpx", "_img src_x_.gpx"),
    ],
)
def test_a_name_never_leads_out_of_its_folder(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_end() -> None:
    name = safe_name("长" * 300 + "_gcj02.csv")
    assert name.endswith("_gcj02.csv")
    assert len(name.encode()) < 256


def test_a_form_that_is_no_file_form_stays_small(login: Login) -> None:
    browser = login()
    token = hidden(browser.get("/plan/").text, "csrf_token")
    answer = browser.post("/plan/", data={"csrf_token": token, "name": "x" * 300_000})
    assert answer.status_code == 413


def test_an_intake_that_nobody_takes_over_leaves_nothing(settings: Settings) -> None:
    from webmap.runs import Desk  # noqa: PLC0415 - beside its use

    intake = Intake(Desk(settings).draft, MB)
    stream = intake.open("a.csv", 10)
    stream.write(b"123")
    stream.close()
    assert len(folders(settings)) == 1
    intake.discard()
    assert folders(settings) == []
