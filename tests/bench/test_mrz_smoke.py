"""The bench of the machine-readable zone runs; on a few pictures ours reads nearly all and nothing wrong."""

from itertools import islice

from degraded_cards import STEPS, Category, degraded_cards
from mrz import false_zones, judge, readers, share, table

MILD = 4 * STEPS
"""All steps of clean, defocused, blurred by motion, in perspective."""


def test_ours_reads_nearly_all_of_a_few_pictures_and_the_table_says_so():
    score = judge(readers(others=False)["ours"], islice(degraded_cards(each=1), MILD))
    assert share(score) >= 90
    assert score.wrong == 0
    assert f"| {Category.CLEAN.value} | 5/5 |" in table({"ours": score})


def test_zones_with_wrong_check_digits_are_not_read():
    read = readers(others=False)["ours"]
    assert [lines for lines in map(read, false_zones(8, 1)) if lines is not None] == []
