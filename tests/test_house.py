"""The files around the code: nothing private in them, nothing missing, and what they say is true."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from reminders.settings import EXPECTED, SECRETS, Settings

# Spelt so that this file does not find itself.
FORBIDDEN = {
    "the address of a package index": r"pypi\.[o]rg|[p]ythonhosted|registry\.[n]pmjs|--(extra-)?[i]ndex-url"
    r"|--[f]ind-links|/[s]imple/?$",
    "the path of a machine": r"/[w]ork/(main|steering|shared)|/[r]oot/|/[f]arm/|/[h]ome/\w"
    r"|/[o]pt/(wheels|pypi)",
    "a phone number": r"\b0(40|41|44|45|46|50|400)[ -]?[0-9]{3}[ -]?[0-9]{3,4}\b|\+358[ -]?[0-9]{2}",
}
REQUIREMENT = re.compile(r"^([a-z0-9-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def tracked(request: pytest.FixtureRequest) -> list[Path]:
    """The files that git keeps, or would keep."""
    root: Path = request.config.rootpath
    if not shutil.which("git") or not (root / ".git").exists():
        pytest.skip("no git repository here")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := root / name).is_file()]


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def text(path: Path) -> str:
    """A file's text; that of a picture is empty."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", "replace")


def requirements(lock: str) -> dict[str, str]:
    """Name and pin of every requirement that has a hash."""
    return {name: pin for name, pin, _ in REQUIREMENT.findall(lock)}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_tracked_files_hold_nothing_of_this_machine(tracked: list[Path], root: Path, what: str) -> None:
    """No index address, machine path or phone number stands in the repository."""
    # The hashes of a lock are digits enough to look like a phone number.
    files = [path for path in tracked if what != "a phone number" or "lock" not in path.name]
    found = [
        f"{path.relative_to(root)}:{number}: {line.strip()[:80]}"
        for path in files
        for number, line in enumerate(text(path).splitlines(), start=1)
        if re.search(FORBIDDEN[what], line)
    ]
    assert found == []


def test_every_setting_is_explained_in_the_example(root: Path) -> None:
    """.env.example names each setting once, in the order of the interface, under a line that explains it."""
    example = (root / ".env.example").read_text(encoding="utf-8")
    assert re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE) == [name.upper() for name in EXPECTED]
    for block in example.strip().split("\n\n")[1:]:
        first, *settings = block.splitlines()
        assert re.fullmatch(r"# [A-Z].+\.", first), first
        assert all(re.fullmatch(r"#[A-Z_]+=.*", line) for line in settings), settings
        assert settings, first


def test_defaults_in_the_example_are_true(root: Path) -> None:
    """Where the example shows a default it is the one that holds."""
    example = (root / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^#([A-Z_]+)=(.*)$", example, re.MULTILINE))
    defaults = {name: getattr(Settings(), name) for name in EXPECTED if getattr(Settings(), name) is not None}
    values = {name.upper(): value for name, value in defaults.items()}
    window = values.pop("MAIL_WINDOW")
    assert shown["MAIL_WINDOW"] == f"{window.opens:%H:%M}-{window.closes:%H:%M}"
    assert shown["TICK_AT"] == f"{values.pop('TICK_AT'):%H:%M}"
    for name in ("SESSION_IDLE", "SESSION_LONGEST"):
        assert Settings(**{name.lower(): shown[name]}) == Settings(**{name.lower(): values.pop(name)})
    assert shown["FORWARDED_ALLOW_IPS"] == ",".join(values.pop("FORWARDED_ALLOW_IPS"))
    assert {name: shown[name] for name in values} == {name: str(value) for name, value in values.items()}


def test_every_secret_of_the_example_may_stand_in_a_file(root: Path) -> None:
    """The example names each NAME_FILE."""
    example = (root / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"\b([A-Z_]+)_FILE\b", example)) - {"NAME"} == {name.upper() for name in SECRETS}


def test_the_example_is_read_without_complaint(root: Path) -> None:
    """Every example value is one that the settings take."""
    example = (root / ".env.example").read_text(encoding="utf-8")
    shown = {name.lower(): value for name, value in re.findall(r"^#([A-Z_]+)=(.+)$", example, re.MULTILINE)}
    assert Settings(**shown | {"oidc_client_secret": "made-up"}).oidc_issuer == "https://login.example"


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_requirement_has_a_pin_and_hashes(root: Path, name: str) -> None:
    """A lock holds requirements with hashes and comments, nothing else."""
    rest = REQUIREMENT.sub("", (root / name).read_text(encoding="utf-8"))
    assert [line for line in rest.splitlines() if line and not line.lstrip().startswith("#")] == []


def test_the_locks_agree_and_cover_what_is_asked_for(root: Path, project: dict[str, Any]) -> None:
    """The runtime's pins are those of the tests, and each direct dependency is among them."""
    runtime = requirements((root / "requirements.lock").read_text(encoding="utf-8"))
    everything = requirements((root / "requirements-dev.lock").read_text(encoding="utf-8"))
    assert runtime.items() <= everything.items()

    def names(wanted: list[str]) -> set[str]:
        return {re.split(r"[\[<>=]", requirement)[0].lower() for requirement in wanted}

    assert names(project["project"]["dependencies"]) <= runtime.keys()
    assert names(project["project"]["optional-dependencies"]["dev"]) <= everything.keys() - runtime.keys()
    assert "setuptools" in runtime


def test_the_lock_of_the_browser_side_names_no_registry(root: Path) -> None:
    """ical.js is pinned by version and hash alone."""
    lock = (root / "tests/acceptance/package-lock.json").read_text(encoding="utf-8")
    assert '"node_modules/ical.js"' in lock
    assert '"integrity": "sha512-' in lock
    assert '"resolved"' not in lock


def test_every_data_file_is_shipped(tracked: list[Path], root: Path, project: dict[str, Any]) -> None:
    """What stands beside the code in the four rooms is part of the package."""
    patterns = project["tool"]["setuptools"]["package-data"]["*"]
    rooms = ("schedule_rules", "calendars", "email_templates", "reminders")
    data = [path for path in tracked if path.suffix != ".py" and path.relative_to(root).parts[0] in rooms]
    assert data
    assert [str(path) for path in data if not any(fnmatch(path.name, pattern) for pattern in patterns)] == []


def test_the_version_stands_in_the_changelog(root: Path, project: dict[str, Any]) -> None:
    """The changelog has a section for this version."""
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(project['project']['version'])}\b", changelog, re.MULTILINE)


def test_the_licence_is_mit(root: Path, project: dict[str, Any]) -> None:
    """The licence's text is the one that the project names."""
    assert project["project"]["license"] == "MIT"
    assert (root / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")


def test_ci_runs_the_same_tests(root: Path) -> None:
    """.ci/run can be started and calls ``make test``."""
    assert os.access(root / ".ci/run", os.X_OK)
    assert os.access(root / ".ci/tools", os.X_OK)
    assert (root / ".ci/run").read_text(encoding="utf-8").rstrip().endswith("exec make test")


def test_the_readme_names_the_two_commands(root: Path) -> None:
    """A newcomer finds ``make run`` and ``make test``."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme


def test_the_image_is_built_as_promised(root: Path) -> None:
    """Slim base, locked with hashes, not root, compiled, checked, one volume."""
    lines = (root / "Dockerfile").read_text(encoding="utf-8").splitlines()
    first_words = [line.split(" ")[0] for line in lines if re.match(r"[A-Z]+ ", line)]
    assert [line for line in lines if line.startswith("FROM")] == [
        "FROM python:3.11-slim AS build",
        "FROM python:3.11-slim",
    ]
    assert [line for line in lines if line.startswith(("USER", "VOLUME", "CMD"))] == [
        "USER 10001:10001",
        "VOLUME /app/var",
        'CMD ["reminders", "run"]',
    ]
    assert "ENV HOST=0.0.0.0" in lines
    assert [
        line for line in lines if line.startswith("HEALTHCHECK") and line.endswith('["reminders", "health"]')
    ]
    assert first_words.count("HEALTHCHECK") == 1
    assert any("--require-hashes" in line for line in lines)
    assert any("compileall" in line for line in lines)


def test_the_paths_of_the_architecture_exist(root: Path) -> None:
    """Every file that docs/architecture.md follows a path through is there, and no path is too long."""
    text_of_it = (root / "docs/architecture.md").read_text(encoding="utf-8")
    steps = re.findall(r"^(\d+)\. `([\w/]+\.py)`", text_of_it, re.MULTILINE)
    assert len(steps) > 40
    assert [name for _, name in steps if not (root / name).is_file()] == []
    assert max(int(number) for number, _ in steps) <= 20


def _files_in_one_sentence(root: Path) -> str:
    """The files by folder, each with the first sentence of its docstring and the public names it defines."""
    lines: list[str] = []
    for room in ("schedule_rules", "calendars", "email_templates", "reminders"):
        folders: dict[Path, list[Path]] = {}
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts:
                folders.setdefault(path.parent, []).append(path)
        for folder, paths in folders.items():
            lines += ["", f"**`{folder.relative_to(root)}/`**", ""]
            for path in paths:
                tree = ast.parse(path.read_bytes())
                says = (ast.get_docstring(tree) or "").split("\n\n")[0]
                public = ", ".join(f"`{name}`" for name in _defined(tree) if not name.startswith("_"))
                lines.append(f"- `{path.name}` {' '.join(says.split())}{f' ({public})' if public else ''}")
    return "\n".join(lines[1:]) + "\n"


def _defined(tree: ast.Module) -> Iterator[str]:
    """Yield the names of a module's classes, functions and types."""
    for one in tree.body:
        if isinstance(one, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield one.name
        elif isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            name = one.targets[0].id
            if name[0].isupper() and not name.isupper():
                yield name


def test_the_architecture_lists_every_file(root: Path) -> None:
    """Who looks for something finds its file; UPDATE_GOLDEN=1 writes the list anew from the docstrings."""
    document, mark = root / "docs/architecture.md", "## Every file in one sentence\n\n"
    before, found, listed = document.read_text(encoding="utf-8").partition(mark)
    made = _files_in_one_sentence(root)
    if os.environ.get("UPDATE_GOLDEN"):
        document.write_text(before + mark + made, encoding="utf-8")
        listed = made
    assert found
    assert listed == made
