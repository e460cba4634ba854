"""Every route says once for whom it is there; the shop does not start with one that doesn't."""

from typing import Any

import pytest
from fastapi import APIRouter

from checkout_app.auth import guard
from checkout_app.auth.callers import Caller
from checkout_app.auth.models import Role
from checkout_app.server.api import declared_routes


def _router(*, of_router: dict[str, Any], of_route: dict[str, Any]) -> APIRouter:
    router = APIRouter(**of_router)
    router.add_api_route("/thing", lambda: None, **of_route)
    return router


@pytest.mark.parametrize("caller", Caller)
def test_a_route_says_for_whom_it_is_there_itself_or_by_its_router(caller: Caller) -> None:
    declared_routes(_router(of_router=guard.open_to(caller), of_route={}))
    declared_routes(_router(of_router={}, of_route=guard.open_to(caller)))


@pytest.mark.parametrize(
    ("of_router", "of_route"), [({}, {}), (guard.open_to(Caller.ANYBODY), guard.open_to(Caller.SHOP))]
)
def test_a_route_that_says_nothing_or_two_things_is_refused(
    of_router: dict[str, Any], of_route: dict[str, Any]
) -> None:
    with pytest.raises(RuntimeError, match=r"/thing.* has to say once"):
        declared_routes(_router(of_router=of_router, of_route=of_route))


def test_each_word_stands_for_these() -> None:
    buyers, shop = {Role.GUEST, Role.CUSTOMER}, {Role.OWNER, Role.SHIPPER, Role.VIEWER}
    assert {caller: caller.roles for caller in Caller} == {
        Caller.ANYBODY: buyers | shop,
        Caller.SIGNED_IN: buyers | shop,
        Caller.LINK_HOLDER: buyers | shop,
        Caller.ACCOUNT: {Role.CUSTOMER} | shop,
        Caller.SHOP: shop,
        Caller.AT_THE_DOOR: shop,
        Caller.SHIPPERS: {Role.OWNER, Role.SHIPPER},
        Caller.OWNER: {Role.OWNER},
        Caller.GATEWAY: set(),
    }
    assert [caller for caller in Caller if caller.admits(None)] == [Caller.ANYBODY]
