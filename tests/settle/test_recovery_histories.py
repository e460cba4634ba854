"""Whatever happened to an order that the books then lost, they are right again once it is made anew."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout_app.core.settings import settings as shop_settings
from checkout_app.payments.recovery.service import Recovery
from tests.support.happenings import Step, steps
from tests.support.histories import History
from tests.support.inside import Inside, violations
from tests.support.lost import lose_orders

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


@settings(
    max_examples=1000 if NIGHTLY else 60,
    database=None,
    derandomize=not NIGHTLY,
    suppress_health_check=list(HealthCheck),
)
@given(happens=st.lists(steps, min_size=1, max_size=12), on_hand=st.integers(0, 3), refund=st.booleans())
async def test_whatever_happened_before_the_books_are_right_again(
    inside: Inside,
    happens: list[Step],
    on_hand: int,
    refund: bool,  # noqa: FBT001 - Hypothesis passes it so
) -> None:
    history = History(inside)
    await history.begin_with_cart(on_hand=3, twice=False)
    await history.live(*happens)
    inside.line.troubles.clear()
    await lose_orders(on_hand=on_hand)
    inside.line.calls.clear()
    found = await Recovery(shop_settings().shop_id, lambda _: None, really=True, refund=refund).run()
    assert found.impossible == {}
    assert await violations() == []
    if not refund:
        assert not [call for call in inside.line.calls if call.startswith("POST") and call.endswith("/refund")]
