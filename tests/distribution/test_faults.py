"""A mailing under all sorts of mishaps, the short form of `make faults`: nobody gets two, nobody is forgotten."""

import dataclasses

import pytest

from tests import faults

pytestmark = [pytest.mark.worker, pytest.mark.slow, pytest.mark.sqlite]


def test_nobody_is_forgotten_or_gets_two_whatever_happens(tmp_path):
    often = dataclasses.replace(faults.FAULTS["all"], every=(0.1, 0.2), standstill=2)
    with faults.stage(tmp_path, readers=40) as here:
        here.sink.delay = 0.02
        outcome = faults.run(here, often)

    assert outcome.is_right, outcome
    assert outcome.once + outcome.unsure - outcome.unsure_arrived + outcome.refused == outcome.readers == 40
    assert outcome.refused == len(here.refused)
    assert outcome.acts >= 3
