"""What the documents say is what the code has: fields, commands, settings, routes, floors."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from geo.stations import FIELD_NAMES
from webmap.cli import main

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "nuanyi") -> list[str]:
    """Return the full names of all commands."""
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        path = f"{before} {name}"
        found += commands(command, path) if isinstance(command, click.Group) else [path]
    return found


@pytest.mark.parametrize("field", FIELD_NAMES)
def test_every_field_is_described(field: str) -> None:
    assert f"`{field}`" in text_of("docs/stations.md")


@pytest.mark.parametrize("name", READMES)
@pytest.mark.parametrize("command", commands(main))
def test_every_command_is_in_the_readme(name: str, command: str) -> None:
    assert command in text_of(name)


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_in_the_readme(name: str) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "webmap").rglob("*.py"))
    settings = set(re.findall(r"NUANYI_[A-Z_]+", sources))
    assert settings
    assert settings <= set(re.findall(r"NUANYI_[A-Z_]+", text_of(name)))


@pytest.mark.parametrize("name", READMES)
def test_commands_of_the_readme_parse(name: str) -> None:
    """Every option and command word that a README shows exists."""
    shown = re.findall(r"^nuanyi (.+(?:\\\n.+)*)", text_of(name), flags=re.MULTILINE)
    assert shown
    for line in shown:
        words = re.sub(r"\s+#.*", "", line.replace("\\\n", " ")).split()
        command: click.Command | None = main
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None, line
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_links_between_documents_lead_somewhere() -> None:
    for name in (*READMES, "CHANGELOG.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", text_of(name)):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_make_targets_of_the_documents_exist() -> None:
    makefile = text_of("Makefile")
    for name in (*READMES, "CONTRIBUTING.md"):
        for target in re.findall(r"`?make ([a-z-]+)", text_of(name)):
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), f"{name}: {target}"
