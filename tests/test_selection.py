"""Which of the likely readings become edits."""

from __future__ import annotations

import pytest

from respin.selection import UNCHANGED_IS_RIGHT, Reading, choose


@pytest.mark.parametrize(
    ("posteriors", "least", "chosen"),
    [
        ([0.6], 0.3, 0),
        ([0.4], 0.3, 0),  # less likely than the unchanged text, but likelier to be right
        ([0.32], 0.3, None),  # not even that
        ([0.4], 0.5, None),  # the user wants sure edits only
        ([0.35, 0.3], 0.3, 0),
        ([0.31, 0.36], 0.3, 1),
    ],
)
def test_a_reading_must_be_likelier_to_be_right(
    posteriors: list[float], least: float, chosen: int | None
) -> None:
    readings = [Reading(3, 4, f"word{n}", value, n) for n, value in enumerate(posteriors)]
    made = choose(readings, least)
    assert [reading.entry for reading, _ in made] == ([] if chosen is None else [chosen])
    for reading, others in made:
        unchanged = 1 - sum(posteriors)
        assert reading.posterior > UNCHANGED_IS_RIGHT * unchanged
        assert len(others) == len(posteriors) - 1


def test_readings_do_not_overlap() -> None:
    readings = [Reading(0, 3, "a", 0.5, 0), Reading(2, 4, "b", 0.45, 1), Reading(4, 5, "c", 0.9, 2)]
    assert [reading.original for reading, _ in choose(readings, 0.3)] == ["a", "c"]
