"""The time a reading spends on a modelled link, added up instead of waited for."""

import pytest
from support.chip_cards import EXTENDED, SHORT, Laid

from devices.chip.values import TextRead
from devices.emulators.chip.link_models import LinkSpeed, SlowCard
from devices.emulators.chip.variants import PROFILES

SPEED = LinkSpeed(bit_rate_kbit_s=424, per_command_s=0.010)
TEXT_S = 0.6


@pytest.mark.parametrize(
    ("lengths", "most_s", "most_commands"), [(SHORT, 2.0, 100), (EXTENDED, 1.0, 30)], ids=["short", "extended"]
)
@pytest.mark.parametrize("name", ["citizen", "bac", "pace-cam", "rsa"])
def test_a_chip_is_read_within_the_time_and_commands_of_the_goal(name, lengths, most_s, most_commands):
    laid, waited_s, text_after_s = Laid(PROFILES[name]), [], []

    def listen(event):
        if isinstance(event, TextRead):
            text_after_s.append(sum(waited_s))

    slow = SlowCard(laid.chip, SPEED, waited_s.append)
    record = laid.read(transmit=slow.transmit, lengths=lengths, listener=listen)
    assert len(record.photo) == 15_000
    assert record.apdus <= most_commands
    assert sum(waited_s) <= most_s
    assert text_after_s[0] <= TEXT_S
