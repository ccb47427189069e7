"""What every test may ask for."""

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# a busy machine is no defect: examples are judged by what they give, never by how long they took
settings.register_profile("postillon", deadline=None)
settings.load_profile("postillon")

Check = Callable[[Any, str], list[str]]


@pytest.fixture(scope="session")
def block_check() -> Check | None:
    """The second opinion on Block Kit payloads, where `BLOCK_CHECKER` names one."""
    named = os.environ.get("BLOCK_CHECKER")
    if not named:
        return None
    spec = importlib.util.spec_from_file_location("block_checker", Path(named))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    check: Check = module.check
    return check


@pytest.fixture(scope="session")
def chromium() -> str:
    """A browser's path. Without one: a printed reason, and in CI a failure."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("no Chromium found, and CI must drive one")
    pytest.skip("no Chromium found: install Debian's package `chromium` to run the browser tests")
