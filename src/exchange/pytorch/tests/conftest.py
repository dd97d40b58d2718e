"""The bundle's files as modules, and the golden numbers that the TypeScript tests read, too."""

import json
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "bundle"))


@pytest.fixture
def golden():
    """Reads a file of scripts/golden.py by its place below src/."""
    return lambda path: json.loads((HERE.parents[2] / path).read_text())
