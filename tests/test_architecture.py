"""Who may know whom, and the doors: one to SQLite, one to the environment, one to the clock, none for lost errors.

The layers stand in `.importlinter`; here stands what imports alone do not show.
"""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for package in ("monitor", "crawler") for path in (ROOT / package).rglob("*.py"))
#: What monitor and crawler share.
LEAVES = {
    "model",
    "errors",
    "settings",
    "clock",
    "form",
    "exchange",
    "text",
    "dates",
    "titles",
    "wire",
    "charset",
    "hosts",
    "enclosing",
    "browser",
}


def name_of(path: Path) -> str:
    """monitor/web/views.py → monitor.web.views"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {name_of(path): ast.parse(path.read_text("utf-8")) for path in SOURCES}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("monitor", "crawler", include_external_packages=True, cache_dir=None)


def importers(graph: grimp.ImportGraph, *targets: str) -> set[str]:
    return {
        importer
        for target in targets
        for module in graph.modules
        if module == target or module.startswith(f"{target}.")
        for importer in graph.find_modules_that_directly_import(module)
    }


def test_the_layers_hold() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_every_module_has_its_place_in_the_layers() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", "utf-8")
    layers = config["importlinter:contract:layers"]
    placed = set(layers["layers"].replace("|", " ").split())
    assert placed == {name.split(".")[1] for name in TREES if name.startswith("monitor.")}
    assert layers["exhaustive"] == "True"
    assert placed >= LEAVES


def test_the_crawler_knows_only_the_leaves_of_the_monitor(graph: grimp.ImportGraph) -> None:
    known = {
        imported
        for module in graph.modules
        if module.split(".")[0] == "crawler"
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.split(".")[0] == "monitor"
    }
    assert known
    assert known <= {f"monitor.{leaf}" for leaf in LEAVES} | {"monitor"}


def test_pages_know_of_the_crawler_only_each_other(graph: grimp.ImportGraph) -> None:
    known = {
        imported
        for module in graph.modules
        if module.startswith("crawler.pages")
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.split(".")[0] == "crawler"
    }
    assert all(module.startswith("crawler.pages") for module in known)


def test_there_is_one_door_to_sqlite(graph: grimp.ImportGraph) -> None:
    assert importers(graph, "sqlite3", "sqlite_utils") == {"monitor.database", "monitor.migrations"}


def test_only_the_rehearsal_and_its_verbs_know_the_replicas(graph: grimp.ImportGraph) -> None:
    knowing = {name for name in importers(graph, "monitor.demo") if not name.startswith("monitor.demo")}
    assert knowing <= {"monitor.verbs.rehearsing", "monitor.rehearsal"}


# ── doors that imports alone do not show ────────────────────────────────────────────────────────────────────────────


def uses(tree: ast.Module, library: str) -> Iterator[str]:
    """The names of a library that a module uses, whatever it calls them: `datetime.datetime.now`, `os.environ`."""
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known.update({(alias.asname or alias.name): alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            known.update({(alias.asname or alias.name): f"{node.module}.{alias.name}" for alias in node.names})
    for node in ast.walk(tree):
        parts: list[str] = []
        place: ast.AST = node
        while isinstance(place, ast.Attribute):
            parts.append(place.attr)
            place = place.value
        if isinstance(place, ast.Name) and place.id in known:
            used = ".".join([known[place.id], *reversed(parts)])
            if used.split(".")[0] == library:
                yield used


def modules_using(library: str, *names: str) -> set[str]:
    """The modules that use one of the names (prefixes) of a library."""
    return {
        module
        for module, tree in TREES.items()
        if any(used == name or used.startswith(f"{name}.") for used in uses(tree, library) for name in names)
    }


@pytest.mark.parametrize(
    ("source", "library", "name"),
    [
        ("import os\nos.environ['X']", "os", "os.environ"),
        ("import os as system\nsystem.getenv('X')", "os", "os.getenv"),
        ("from os import environ\nenviron['X']", "os", "os.environ"),
        ("from datetime import datetime\ndatetime.now()", "datetime", "datetime.datetime.now"),
        ("import datetime as dt\ndt.datetime.utcnow()", "datetime", "datetime.datetime.utcnow"),
        ("from datetime import date as day\nday.today()", "datetime", "datetime.date.today"),
        ("from time import time as t\nt()", "time", "time.time"),
    ],
)
def test_a_way_round_a_door_is_seen(source: str, library: str, name: str) -> None:
    assert name in set(uses(ast.parse(source), library))


def test_there_is_one_door_to_the_environment() -> None:
    names = ("os.environ", "os.environb", "os.getenv", "os.getenvb", "os.putenv", "os.unsetenv")
    assert modules_using("os", *names) == {"monitor.settings"}


def test_there_is_one_door_to_the_clock() -> None:
    days = ("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today")
    assert modules_using("datetime", *days) == {"monitor.clock"}
    assert modules_using("time", "time") == {"monitor.clock"}


def broad(tree: ast.Module) -> Iterator[ast.ExceptHandler]:
    """Handlers that swallow anything: what is caught and raised again is not lost."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            anything = any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in caught)
            last = node.body[-1]
            if anything and not (isinstance(last, ast.Raise) and last.exc is None):
                yield node
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "suppress":
            names = [getattr(argument, "id", "") for argument in node.args]
            assert not {"Exception", "BaseException"} & set(names), ast.unparse(node)


def test_an_error_is_swallowed_in_one_place_only_where_a_rule_crashes() -> None:
    assert {module: len(list(broad(tree))) for module, tree in TREES.items() if list(broad(tree))} == {
        "monitor.checks": 1
    }


def test_no_module_asks_whether_it_is_under_test() -> None:
    for path in SOURCES:
        source = path.read_text("utf-8").lower()
        assert not any(word in source for word in ("pytest", "unittest", "sys.modules")), path
