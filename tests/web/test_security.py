"""The content policy names exactly the scripts that are in a page."""

import base64
import hashlib

import pytest

from checkout_app.core.settings import RAZORPAY_API, RAZORPAY_SCRIPT, settings
from checkout_app.server.security import inline_hashes, page_policy


def test_scripts_in_the_page_are_allowed_by_hash_and_linked_ones_and_data_are_not() -> None:
    page = (
        '<script>run("₹")</script><script src="/a.js"></script><script type="module">\nimport "/b.js"</script>'
        '<script type="application/json" id="page-data">{}</script><script type="application/ld+json">[]</script>'
    )
    expected = {'run("₹")', '\nimport "/b.js"'}
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in expected}
    assert set(inline_hashes(page).split()) == {f"'sha256-{digest}'" for digest in digests}


def test_the_sandbox_needs_nobody_from_outside() -> None:
    assert settings().sandboxed
    rules = dict(rule.strip().split(" ", 1) for rule in page_policy("'sha256-x'").split(";"))
    assert rules["script-src"] == "'self' 'sha256-x'"
    assert rules["frame-src"] == "'self'"


def test_with_razorpay_itself_its_hosts_may_run_and_frame_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "sandboxed", False)
    monkeypatch.setattr(settings(), "razorpay_api_url", RAZORPAY_API)
    monkeypatch.setattr(settings(), "razorpay_checkout_js_url", RAZORPAY_SCRIPT)
    rules = dict(rule.strip().split(" ", 1) for rule in page_policy("'sha256-x'").split(";"))
    assert rules["script-src"] == "'self' 'sha256-x' https://*.razorpay.com"
    assert rules["frame-src"] == "'self' https://*.razorpay.com"
    assert rules["frame-ancestors"] == "'none'"
