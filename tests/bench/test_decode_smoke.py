"""The decoding bench runs, and on its first pictures ours reads more than plain zxing-cpp, with nothing wrong."""

from itertools import islice

from decode import decoders, degraded, judge

PICTURES = 10
"""All steps of the clean and the defocused category."""


def test_ours_reads_more_than_plain_zxing_on_a_few_pictures():
    pictures = list(islice(degraded(1, 0), PICTURES))
    known = decoders()
    ours, plain = (judge(name, known[name], pictures) for name in ("ours", "zxing-cpp"))
    assert sum(ours.right.values()) > sum(plain.right.values()) >= 5
    assert ours.wrong == 0
