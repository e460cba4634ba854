"""deploy/compose.yaml: what it runs are shops with settings that can be used, which nobody reaches but by the proxy."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from checkout_app import cli
from checkout_app.core.settings import Settings
from checkout_app.core.urls import database_url, redis_url
from tests.support.dockerfile import Image, steps
from tests.support.processes import ROOT

DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (DEPLOY / ".env.example").read_text(encoding="utf-8")
SHOPS = ("shop1", "shop2")
FILLED_IN = {
    "SHOP_SITE": "shop.example",
    "POSTGRES_PASSWORD": "0" * 64,
    "JWT_SECRET": "1" * 64,
    "RAZORPAY_WEBHOOK_SECRET": "2" * 64,
    "RAZORPAY_KEY_ID": "rzp_live_AAAAAAAAAAAAAA",
    "RAZORPAY_KEY_SECRET": "secret",
}
_NAMED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def _values(text: str) -> dict[str, str]:
    """Return what a file of settings says."""
    lines = (line.partition("=") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: value.strip('"') for name, _, value in lines}


def _filled_in(text: str, values: Mapping[str, str]) -> str:
    """Put values in place of names, as compose does; one that is missing is a KeyError unless it has a default."""

    def value(found: re.Match[str]) -> str:
        name, kind, default = found.groups()
        return values.get(name) or default if kind == "-" else values[name]

    return _NAMED.sub(value, text)


@pytest.fixture(scope="module")
def services() -> Any:
    """The services, as compose understands them with a filled-in .env."""
    return yaml.safe_load(_filled_in(TEXT, {**_values(EXAMPLE), **FILLED_IN}))["services"]


def _image_says() -> dict[str, str]:
    """Return the environment that the image brings along."""
    image = Image(Path("/"))
    for word, rest in steps((DEPLOY / "Dockerfile").read_text(encoding="utf-8")):
        if word == "ENV":
            image.environment |= dict(part.split("=", 1) for part in rest.split())
    return image.environment


@pytest.mark.parametrize("name", [*SHOPS, "migrate"])
def test_what_a_shop_is_told_are_settings_of_production_that_can_be_used(
    services: Any, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    told = {**_image_says(), **_values(EXAMPLE), **FILLED_IN, **services[name]["environment"]}
    for key, value in told.items():
        monkeypatch.setenv(key, value)
    shop = Settings()
    assert (shop.environment, shop.public_url, shop.bind) == ("production", "https://shop.example", "0.0.0.0")  # noqa: S104 - in a container
    assert shop.database_url == database_url(f"postgresql://shop:{'0' * 64}@postgres/shop")
    assert shop.redis_url == redis_url("redis://redis:6379/0")


def test_each_process_has_a_port_of_its_own_that_the_proxy_knows_and_believes_the_proxy_alone(services: Any) -> None:
    ports = {name: services[name]["environment"]["PORT"] for name in SHOPS}
    assert len(set(ports.values())) == len(SHOPS)
    assert services["caddy"]["environment"]["SHOP_UPSTREAMS"].split() == [f"{name}:{ports[name]}" for name in SHOPS]
    address = services["caddy"]["networks"]["front"]["ipv4_address"]
    assert {services[name]["environment"]["TRUSTED_PROXIES"] for name in SHOPS} == {address}
    [subnet] = yaml.safe_load(TEXT)["networks"]["front"]["ipam"]["config"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet["subnet"])


def test_nothing_is_reached_from_outside_but_the_proxy(services: Any) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert yaml.safe_load(TEXT)["networks"]["back"] == {"internal": True}
    assert [services[name]["networks"] for name in ("postgres", "redis")] == [["back"], ["back"]]
    assert "back" not in services["caddy"]["networks"]


def test_the_shop_is_migrated_before_it_opens_by_a_command_that_is_there(services: Any) -> None:
    for name in SHOPS:
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert "command" not in services[name]
    assert (services["migrate"]["restart"], services["migrate"]["command"]) == ("no", ["migrate"])
    for command in ("migrate", "serve"):
        cli._parser().parse_args([command])  # noqa: SLF001 - ends the test where there is none


def test_every_image_is_pinned_to_its_whole_version(services: Any) -> None:
    images = {service["image"] for service in services.values()} - {"checkout"}
    assert len(images) == 3
    assert [image for image in images if not re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-[a-z]+", image)] == []


def test_every_service_that_lasts_comes_back_and_its_log_ends_somewhere(services: Any) -> None:
    for name, service in services.items():
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_who_serves_can_write_to_nothing_but_the_data(services: Any) -> None:
    for name in (*SHOPS, "migrate"):
        shop = services[name]
        assert (shop["read_only"], shop["volumes"], shop["cap_drop"]) == (True, ["data:/data"], ["ALL"])


def test_the_example_names_all_that_is_needed_and_has_no_secret_in_it() -> None:
    named = {found[0] for found in _NAMED.findall(TEXT)}
    example = _values(EXAMPLE)
    assert named <= example.keys()
    assert {name.lower() for name in example.keys() - named} <= Settings.model_fields.keys()
    assert {value for name, value in example.items() if name in FILLED_IN} == {"", "shop.example"}
    assert set(re.findall(r"\$\{(\w+):\?", TEXT)) == {"SHOP_SITE", "POSTGRES_PASSWORD"}, "nothing works without them"
