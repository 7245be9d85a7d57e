"""Counts are said as one says them."""

from digitizer.counted import counted


def test_one_is_one() -> None:
    assert counted(1, "page") == "1 page"
    assert counted(1, "batch", "batches") == "1 batch"


def test_none_and_several_are_many() -> None:
    assert counted(0, "page") == "0 pages"
    assert counted(2, "paper waits", "papers wait") == "2 papers wait"
