"""Trouble that lasts is told of without filling the log."""

import logging

import pytest

from checkout_app.core.trouble import Trouble


def test_trouble_is_told_of_when_it_begins_ever_more_rarely_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    trouble = Trouble()
    trouble.over()
    assert caplog.records == []
    for _ in range(1000):
        trouble.met(ConnectionError("refused"))
    told = [record.msg["times"] for record in caplog.records if isinstance(record.msg, dict)]
    assert told == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
    caplog.clear()
    trouble.over()
    [record] = caplog.records
    assert isinstance(record.msg, dict)
    assert (record.msg["event"], record.msg["failed_times"]) == ("work goes on", 1000)
    trouble.met(ConnectionError("refused"))
    assert len(caplog.records) == 2
