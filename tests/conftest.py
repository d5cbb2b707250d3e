"""Fixtures that several test files share."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from respin import Restorer
from respin.language_model import LanguageModel
from respin.model_builder import BuildOptions, build

settings.register_profile(
    "respin", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("respin")

SMALL_CORPUS = """\
The minister said that the supply chain was under pressure. Both sides want economic security.
Officials said that trade and investment in the region remain strong.

The bank said the price of gold was higher than expected. A strong economy needs security.
The supply chain is under growing pressure, officials said. Both countries are strong.

The defence minister spoke of the defense of both regions.
Scientists use a deep neural network. The network is trained on data, and the data is large.
The minister noted that both sides remain under pressure in the region.
"""


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests never read or write the user's cache."""
    os.environ["RESPIN_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def restorer() -> Restorer:
    """The restorer as it ships."""
    return Restorer()


@pytest.fixture(scope="session")
def small_model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    """A model of a few sentences, built by the real builder."""
    folder = tmp_path_factory.mktemp("model")
    corpus = folder / "corpus.txt"
    corpus.write_text("\n\n".join([SMALL_CORPUS] * 4), encoding="utf-8")
    output = folder / "small.bin"
    build([corpus], output, BuildOptions(500, 500, hold_out=0, workers=1))
    return LanguageModel.load(output)


@pytest.fixture
def chance() -> np.random.Generator:
    """Random numbers that are the same in every run."""
    return np.random.default_rng(7)


@pytest.fixture
def here() -> Path:
    """The folder of the tests."""
    return Path(__file__).parent
