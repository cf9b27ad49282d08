"""The demo district as an installation, made once for all tests and all pytest-xdist workers.

The web's and the browser's ``conftest.py`` take these fixtures each; the folder is one.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from webmap.demo import make_demo
from webmap.settings import Settings

try:
    import fcntl
except ImportError:  # no POSIX
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def demo_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # make the demo once; tests work on copies
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ and fcntl:
        base = base.parent  # the folder of all workers
    instance = base / "demo-instance"
    with (base / "demo-lock").open("w") as lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)  # free again when its process ends
        if not instance.exists():
            making = Path(f"{instance}.new")
            shutil.rmtree(making, ignore_errors=True)  # of a worker that ended
            make_demo(Settings.from_env({"NUANYI_INSTANCE": str(making)}))
            making.rename(instance)
    return instance


@pytest.fixture(scope="session")
def copy_of_demo(
    demo_instance: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Settings]:
    # give a function that makes an installation of its own, a copy of the demo
    def _copy() -> Settings:
        instance = tmp_path_factory.mktemp("demo") / "instance"
        shutil.copytree(demo_instance, instance)
        return Settings.from_env({"NUANYI_INSTANCE": str(instance)})

    return _copy
