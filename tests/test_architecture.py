"""The order of the house: rooms, floors, libraries, no cycles."""

from __future__ import annotations

import ast
import re
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.cli import lint_imports

ROOMS = ("schedule_rules", "calendars", "email_templates", "reminders")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Every import of the four rooms: inside functions and for types only, too."""
    return grimp.build_graph(*ROOMS, cache_dir=None)


@pytest.fixture
def contracts(root: Path) -> dict[str, dict[str, Any]]:
    """The contracts of pyproject.toml by id."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def test_every_contract_is_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No import goes up a floor, across to a sibling, or to a library that lives elsewhere."""
    monkeypatch.chdir(root)
    code = lint_imports(config_filename="pyproject.toml", cache_dir=None)
    assert code == 0, capsys.readouterr().out


def test_the_contracts_are_these(contracts: dict[str, dict[str, Any]]) -> None:
    """A contract that is dropped is missed."""
    assert sorted(contracts) == [
        "alarm-clock",
        "api",
        "commands-store",
        "dates",
        "documents",
        "environment",
        "http",
        "icalendar",
        "imap",
        "intake",
        "intake-formats",
        "intake-parties",
        "intake-shapes",
        "metrics",
        "pages-store",
        "pdf",
        "pure",
        "reading",
        "reading-floors",
        "reminders",
        "rooms",
        "schedule-rules",
        "sign-in",
        "smtp",
        "smtp-wing",
        "sql",
        "yaml",
    ]


@pytest.mark.parametrize(
    ("contract", "room"),
    [("intake", "reminders/intake"), ("reminders", "reminders"), ("schedule-rules", "schedule_rules")],
)
def test_every_file_stands_on_a_declared_floor(
    root: Path, contracts: dict[str, dict[str, Any]], contract: str, room: str
) -> None:
    """Each module and package of the room is named once in its contract."""
    floors = contracts[contract]
    named = [name.strip("() ") for layer in floors["layers"] for name in re.split("[|:]", layer)]
    there = {
        path.stem
        for path in (root / room).iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert floors["exhaustive"] is True
    assert sorted(there - {"__init__", "__main__"} - set(named)) == []
    assert len(named) == len(set(named))


def test_there_are_no_cycles(graph: grimp.ImportGraph) -> None:
    """No module imports itself by way of others."""
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as cycle:
        pytest.fail(" <- ".join(cycle.args[1]))


NAMED_TWICE: dict[str, str] = {}


def test_a_public_class_name_is_defined_once(root: Path) -> None:
    """Who reads a class's name knows which one is meant; exceptions are listed with a reason."""
    where: dict[str, list[str]] = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            for node in ast.parse(path.read_bytes()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    where.setdefault(node.name, []).append(str(path.relative_to(root)))
    twice = {name: paths for name, paths in where.items() if len(paths) > 1 and name not in NAMED_TWICE}
    assert twice == {}
