"""A renderer that can't come up costs next to nothing."""

from checkout_app.server.renderer import pause_after


def test_one_that_was_ready_is_begun_again_after_a_second() -> None:
    assert pause_after(1) == 1


def test_one_that_never_comes_up_is_begun_less_and_less_often() -> None:
    pauses = [pause_after(ends) for ends in range(1, 100)]
    assert pauses == sorted(pauses)
    assert pauses[-1] >= 60
