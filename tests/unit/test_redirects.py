"""Nobody is sent out of the shop after signing in."""

import pytest

from checkout_app.auth.guard import safe_redirect_path


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/orders/01M", "/orders/01M"),
        ("/checkout?product=a&quantity=2", "/checkout?product=a&quantity=2"),
        ("", "/"),
        ("orders", "/"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("javascript:alert(1)", "/"),
        ("/" + "a" * 400, "/"),
    ],
)
def test_only_a_path_of_this_shop_is_gone_to_after_signing_in(path: str, kept: str) -> None:
    assert safe_redirect_path(path) == kept
