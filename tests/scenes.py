"""What many tests begin with, made once and not anew for each: `@scene` in place of `@pytest.fixture`.

    @scene
    def issue(bulletin, cast):
        return factories.issued_issue(bulletin, cast)

A scene asks for other scenes alone. Its rows stand in a transaction of their own while test after test asks for it, each in a
savepoint within; its files are copied into the test's own folder. What it gives is copied for each test, as Django does
with setUpTestData. A test with transactions begins with a copy of the whole database as it was when the scene was made.
"""

import copy
import functools
import inspect
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from bulletin_cms import celery_app
from tests import factories, pristine

ONE_REVIEW, THREE_REVIEWS = "tests.factories.one_review", "issues.models.review_steps"

Make = Callable[..., Any]


def scene(make: Make | None = None, *, writes: bool = True, autouse: bool = False) -> Any:
    """A fixture that gives what `make` gives; with `writes=False` it only reads, so that no copy of the database is kept for it."""
    if make is None:
        return functools.partial(scene, writes=writes, autouse=autouse)
    needs = list(inspect.signature(make).parameters)

    def fixture(**asked: Any) -> Any:
        standing = asked.pop("scenes")
        asked.pop("db")
        return standing[make] if make in standing else make(**asked)

    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ("db", "scenes", *needs)]
    fixture.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    fixture.__name__, fixture.__doc__, fixture.__module__ = make.__name__, make.__doc__, make.__module__
    fixture.scene, fixture.needs, fixture.writes = make, needs, writes  # type: ignore[attr-defined]
    return pytest.fixture(fixture, autouse=autouse)


def chain_of(item: Any) -> tuple[Any, ...]:
    """The scenes of a test, each after those it needs: the same beginnings for all, so that few are struck between two."""
    definitions = {name: found[-1].func for name, found in item._fixtureinfo.name2fixturedefs.items() if found}
    chain: list[Any] = []

    def add(function: Any) -> None:
        for name in function.needs:
            if not hasattr(definitions[name], "scene"):
                raise TypeError(f"{function.__name__} is a scene and asks for {name}, which is none")
            add(definitions[name])
        if function not in chain:
            chain.append(function)

    found = [function for function in definitions.values() if hasattr(function, "scene")]
    for function in sorted(found, key=lambda each: (each.writes, each.__module__ != "tests.conftest", each.__name__)):
        add(function)
    return tuple(chain)


@dataclass
class Standing:
    function: Any
    atomic: transaction.Atomic
    values: dict[Make, Any]
    files: Path


class Stage:
    """The scenes that stand now, each upon the one before, and the copies kept for tests with transactions."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.standing: list[Standing] = []
        self.steps = ONE_REVIEW
        self.kept: dict[tuple[Any, ...], tuple[str, dict[Make, Any], Path]] = {}
        self.made = 0

    def stand(self, chain: tuple[Any, ...], media: Path, *, steps: str, transactional: bool) -> dict[Make, Any]:
        """What the scenes of this chain give, as a test's own, while their rows stand and their files lie in `media`.

        `steps` is the setting ARTICLE_REVIEW_STEPS that they are made by.
        """
        if steps != self.steps:
            self.strike(0)
            self.steps = steps
        if transactional:
            self.strike(0)
            values, files = self._put_back(chain)
        else:
            values, files = self._stand_on(chain)
        if files and any(files.iterdir()):
            shutil.copytree(files, media, dirs_exist_ok=True)
        return copy.deepcopy(values)

    def _stand_on(self, chain: tuple[Any, ...]) -> tuple[dict[Make, Any], Path | None]:
        if self.standing and (connection.closed_in_transaction or not connection.in_atomic_block):
            raise RuntimeError(
                "A test closed the connection in which the scenes stand: it needs transactions of its own."
            )
        same = 0
        for stands, wanted in zip(self.standing, chain, strict=False):
            if stands.function is not wanted:
                break
            same += 1
        self.strike(same)
        for function in chain[same:]:
            self._build(function)
        return (self.standing[-1].values, self.standing[-1].files) if self.standing else ({}, None)

    def _build(self, function: Any) -> None:
        values, files = (
            self._begin(self.standing[-1].values, self.standing[-1].files) if self.standing else self._begin()
        )
        atomic = transaction.atomic()
        atomic._from_testcase = True  # as those of TestCase: no transaction of the code's own is within it
        atomic.__enter__()
        self.standing.append(Standing(function, atomic, values, files))
        try:
            self._make(function, values, files)
        except BaseException:
            self.strike(len(self.standing) - 1)
            raise

    def _put_back(self, chain: tuple[Any, ...]) -> tuple[dict[Make, Any], Path | None]:
        if not any(function.writes for function in chain):
            return {}, None
        if (self.steps, *chain) not in self.kept:
            values, files = self._begin()
            for function in chain:
                self._make(function, values, files)
            name = f"scene{self.made}"
            pristine.keep(connection, name)
            self.kept[self.steps, *chain] = name, values, files
        else:
            name, values, files = self.kept[self.steps, *chain]
            pristine.restore(connection, name)
        return values, files

    def _begin(self, values: dict[Make, Any] | None = None, files: Path | None = None) -> tuple[dict[Make, Any], Path]:
        self.made += 1
        folder = self.folder / str(self.made)
        if files:
            shutil.copytree(files, folder)
        else:
            folder.mkdir()
        return copy.deepcopy(values or {}), folder

    def _make(self, function: Any, values: dict[Make, Any], files: Path) -> None:
        named = {make.__name__: value for make, value in values.items()}
        with usual_rules(files, self.steps):
            values[function.scene] = function.scene(**{name: named[name] for name in function.needs})

    def strike(self, left: int) -> None:
        """Takes back all scenes but the first `left`."""
        while len(self.standing) > left:
            struck = self.standing.pop()
            transaction.set_rollback(True)
            struck.atomic.__exit__(None, None, None)
            shutil.rmtree(struck.files)


@contextmanager
def usual_rules(media: Path, steps: str):
    """Those of each test, besides what it asks for itself: files apart, tasks that run at once, the steps of the review."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(celery_app, "send_task", factories.run_at_once)
        with override_settings(MEDIA_ROOT=media, ARTICLE_REVIEW_STEPS=steps):
            yield
