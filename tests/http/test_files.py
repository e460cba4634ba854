"""The file of a digital product, over real HTTP: who gets it, for how long, how often, and who puts it there."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from checkout_app.catalog.files import LARGEST
from checkout_app.orders.files import MOST_DOWNLOADS
from checkout_app.server.bodies import LARGEST as LARGEST_BODY
from tests.support.buying import Purchase, make_merchant
from tests.support.shops import Shop
from tests.support.waiting import until

PDF = b"%PDF-1.4\n" + b"Twelve dals. " * 40_000
"""Larger than any other body may be."""
NAME = "बारह दालें, twelve-dals.pdf"


@pytest.fixture
def owner(shop: Shop) -> httpx.Client:
    """A client signed in as the shopkeeper."""
    return make_merchant(shop, shop.buyer())


def _digital(shop: Shop) -> str:
    """Put something on the shelf that is downloaded; returns its id."""
    product_id = shop.product(on_hand=None)
    shop.rows("UPDATE products SET digital = :yes WHERE id = :id", yes=True, id=product_id)
    return product_id


def _put(owner: httpx.Client, product_id: str, content: Any = PDF, name: str = NAME) -> httpx.Response:
    return owner.post(f"/merchant/products/{product_id}/file", params={"name": name}, content=content)


def _ordered(shop: Shop, product_id: str) -> Purchase:
    buyer = shop.buyer()
    made = buyer.post("/checkout/order", json={"product_id": product_id}).raise_for_status().json()
    return Purchase(shop, buyer, product_id, made["order_id"], made["razorpay_order_id"])


def _bought(shop: Shop, product_id: str) -> Purchase:
    purchase = _ordered(shop, product_id)
    assert purchase.verify(purchase.hand_over()).status_code == 201
    return purchase


@pytest.fixture
def sold(shop: Shop, owner: httpx.Client) -> Purchase:
    """A paid order of a product with a file."""
    product_id = _digital(shop)
    assert _put(owner, product_id).status_code == 201
    return _bought(shop, product_id)


def _file(purchase: Purchase) -> dict[str, Any]:
    [file] = purchase.buyer.get(f"/orders/{purchase.order_id}").json()["files"]
    assert isinstance(file, dict)
    return file


def _path(purchase: Purchase) -> str:
    return f"/orders/{purchase.order_id}/files/{_line(purchase)}"


def _line(purchase: Purchase) -> str:
    [row] = purchase.shop.rows("SELECT id FROM order_lines WHERE order_id = :id", id=purchase.order_id)
    return str(row["id"])


def _by_link(shop: Shop, link: str) -> httpx.Response:
    """Follow a link as somebody whom the shop knows nothing of."""
    asked = urlsplit(link)
    return httpx.get(f"{shop.url}{asked.path}?{asked.query}", timeout=30)


def test_the_second_it_is_paid_its_buyer_has_the_file_and_so_has_who_they_give_its_link(sold: Purchase) -> None:
    file = _file(sold)
    link = file.pop("link")
    assert file == {
        "line_id": _line(sold),
        "name": NAME,
        "media_type": "application/pdf",
        "size": len(PDF),
        "downloads_left": MOST_DOWNLOADS,
    }
    for answer in (sold.buyer.get(_path(sold)), _by_link(sold.shop, link)):
        assert (answer.status_code, answer.content == PDF) == (200, True)
        told = {name: answer.headers[name] for name in ("content-type", "cache-control", "x-content-type-options")}
        assert told == {
            "content-type": "application/pdf",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
        }
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(NAME, safe='')}"
    timeline = sold.buyer.get(f"/orders/{sold.order_id}").json()["timeline"]
    assert [told["message"] for told in timeline if told["kind"] == "downloaded"] == [
        f"You downloaded {NAME}.",
        f"The file {NAME} was downloaded by its link.",
    ]


def test_nobody_else_gets_it_by_any_key_or_sign_in(sold: Purchase) -> None:
    shop, path, other = sold.shop, _path(sold), _bought(sold.shop, sold.product_id)
    orders_key = httpx.URL(sold.buyer.post(f"/orders/{sold.order_id}/link").json()["link"]).params["key"]
    others_key = httpx.URL(_file(other)["link"]).params["key"]
    assert httpx.get(f"{shop.url}/api{path}").json()["code"] == "invalid_token"
    assert shop.buyer().get(path).json()["code"] == "order_not_found"
    assert other.buyer.get(path).json()["code"] == "order_not_found"
    for key in ("", "x", "é", orders_key, others_key):
        assert httpx.get(f"{shop.url}/api{path}", params={"key": key}).json()["code"] == "order_not_found", key
    assert other.buyer.get(f"/orders/{other.order_id}/files/{_line(sold)}").json()["code"] == "file_not_found"
    assert sold.events("downloaded") == 0


def test_its_link_opens_the_file_and_nothing_else_of_the_order(sold: Purchase) -> None:
    key = httpx.URL(_file(sold)["link"]).params["key"]
    answer = httpx.get(f"{sold.shop.url}/api/orders/{sold.order_id}", params={"key": key})
    assert answer.json()["code"] == "order_not_found"


def test_the_link_of_one_line_opens_no_other_of_the_same_order(shop: Shop, owner: httpx.Client) -> None:
    products = [_digital(shop), _digital(shop)]
    for number, product_id in enumerate(products):
        _put(owner, product_id, b"%PDF-1.4", f"{number}.pdf").raise_for_status()
    items, buyer = [{"product_id": product_id} for product_id in products], shop.buyer()
    made = buyer.post("/checkout/order", json={"items": items}).raise_for_status().json()
    purchase = Purchase(shop, buyer, products[0], made["order_id"], made["razorpay_order_id"])
    purchase.verify(purchase.hand_over()).raise_for_status()
    one, other = buyer.get(f"/orders/{purchase.order_id}").json()["files"]
    assert [_by_link(shop, file["link"]).headers["content-disposition"][-5:] for file in (one, other)] == [
        "0.pdf",
        "1.pdf",
    ]
    crossed = one["link"].replace(one["line_id"], other["line_id"])
    assert _by_link(shop, crossed).json()["code"] == "order_not_found"


def test_its_link_ends_with_the_links_to_the_order_and_there_is_a_new_one(sold: Purchase) -> None:
    before = _file(sold)["link"]
    sold.buyer.post(f"/orders/{sold.order_id}/link").raise_for_status()
    assert _by_link(sold.shop, before).json()["code"] == "order_not_found"
    assert _by_link(sold.shop, _file(sold)["link"]).status_code == 200


def test_who_has_not_paid_or_has_their_money_back_gets_nothing(shop: Shop, owner: httpx.Client) -> None:
    product_id = _digital(shop)
    _put(owner, product_id).raise_for_status()
    unpaid = _ordered(shop, product_id)
    assert unpaid.buyer.get(f"/orders/{unpaid.order_id}").json()["files"] == []
    assert unpaid.buyer.get(_path(unpaid)).json()["code"] == "file_closed"
    sold = _bought(shop, product_id)
    link, [payment] = _file(sold)["link"], sold.buyer.get(f"/orders/{sold.order_id}").json()["payments"]
    for amount, status, codes in ((100, "partially_refunded", [200, 200]), (None, "refunded", [409, 409])):
        asked = {"payment_id": payment["id"], "amount": amount, "reason": "They changed their mind"}
        refunded = owner.post("/merchant/refunds", json=asked, headers={"Idempotency-Key": f"{sold.order_id} {amount}"})
        assert refunded.status_code == 201
        sold.becomes(status)
        answers = [sold.buyer.get(_path(sold)), _by_link(shop, link)]
        assert [answer.status_code for answer in answers] == codes
    assert sold.buyer.get(f"/orders/{sold.order_id}").json()["files"] == []


def test_what_was_bought_in_test_mode_gives_no_file_once_going_live_has_closed_it(sold: Purchase) -> None:
    closed = (
        "INSERT INTO events (id, created_at, subject, subject_id, kind, data, actor) "
        "VALUES (:id, :at, 'order', :order, 'test_closed', '{}', 'shop')"
    )
    sold.shop.rows(closed, id=f"CLOSED{sold.order_id[:20]}", at="2026-11-27 00:00:00", order=sold.order_id)
    assert (sold.status, sold.buyer.get(_path(sold)).json()["code"]) == ("paid", "file_closed")


def test_it_is_handed_over_so_many_times_by_whatever_way_and_looking_at_it_counts_nothing(sold: Purchase) -> None:
    path, link = _path(sold), _file(sold)["link"]
    head = sold.buyer.head(path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PDF)))
    assert (sold.events("downloaded"), _file(sold)["downloads_left"]) == (0, MOST_DOWNLOADS)
    for number in range(MOST_DOWNLOADS):
        answer = _by_link(sold.shop, link) if number % 2 else sold.buyer.get(path)
        assert answer.status_code == 200
    assert _file(sold)["downloads_left"] == 0
    for answer in (sold.buyer.get(path), _by_link(sold.shop, link)):
        assert (answer.status_code, answer.json()["code"]) == (409, "downloads_used")
    assert sold.buyer.head(path).status_code == 409
    assert sold.events("downloaded") == MOST_DOWNLOADS
    again = _bought(sold.shop, sold.product_id)
    assert again.buyer.get(_path(again)).status_code == 200


def test_who_bought_before_a_file_was_replaced_gets_the_new_one_by_the_link_they_have(
    sold: Purchase, owner: httpx.Client
) -> None:
    link, better = _file(sold)["link"], b"PK\x03\x04 with pictures"
    first, again = (_put(owner, sold.product_id, better, "twelve-dals.zip").json() for _ in range(2))
    assert first == again
    answer = _by_link(sold.shop, link)
    assert (answer.content, answer.headers["content-type"]) == (better, "application/zip")


def test_what_the_files_disk_does_not_have_is_said_and_not_counted(sold: Purchase) -> None:
    content = _folder(sold.shop) / sha256(PDF).hexdigest()
    content.rename(content.with_suffix(".away"))
    try:
        answer = sold.buyer.get(_path(sold))
    finally:
        content.with_suffix(".away").rename(content)
    assert (answer.status_code, answer.json()["code"], sold.events("downloaded")) == (503, "file_away", 0)


def _folder(shop: Shop) -> Path:
    return Path(shop.environment["DATA_DIR"]) / "files"


def test_it_lies_below_the_data_for_its_owner_alone_named_by_what_is_in_it(sold: Purchase) -> None:
    folder = _folder(sold.shop)
    assert (folder / sha256(PDF).hexdigest()).read_bytes() == PDF
    assert {folder.stat().st_mode & 0o77, *(file.stat().st_mode & 0o77 for file in folder.iterdir())} == {0}


@pytest.mark.parametrize(
    "name",
    [
        "../../shop.db.pdf",
        "/etc/passwd.pdf",
        r"..\..\boot.pdf",
        ".pdf",
        ".hidden.pdf",
        "a\r\nSet-Cookie: x.pdf",
        "a\u202efdp.exe",
        'a".pdf',
        "page.html",
        "sign.svg",
        "none",
        " ",
        "x" * 97 + ".pdf",
    ],
)
def test_a_name_that_is_more_or_less_than_one_is_refused_and_leaves_nothing(
    shop: Shop, owner: httpx.Client, name: str
) -> None:
    before, product_id = _everything_in(shop), _digital(shop)
    answer = _put(owner, product_id, b"%PDF-1.4", name)
    assert (answer.status_code, [*answer.json()["fields"]]) == (422, ["name"])
    assert _everything_in(shop) == before


def _everything_in(shop: Shop) -> set[Path]:
    return set(Path(shop.environment["DATA_DIR"]).rglob("files/*"))


def test_what_is_not_what_its_name_says_is_refused_and_so_is_a_file_of_what_is_sent(
    shop: Shop, owner: httpx.Client
) -> None:
    before, product_id = _everything_in(shop), _digital(shop)
    for name, content in (("a.pdf", b"<html>"), ("a.zip", PDF), ("a.epub", b"PK\x03\x04"), ("a.pdf", b"")):
        answer = _put(owner, product_id, content, name)
        assert (answer.status_code, [*answer.json()["fields"]]) == (422, ["file"]), name
    assert [*_put(owner, shop.product()).json()["fields"]] == ["product"]
    assert _put(owner, "unknown").json()["code"] == "product_not_found"
    assert _everything_in(shop) == before


def test_too_large_a_file_is_refused_before_and_while_it_comes_and_leaves_nothing(
    shop: Shop, owner: httpx.Client
) -> None:
    before, product_id, part = _everything_in(shop), _digital(shop), b"%PDF-" + b" " * (1 << 20)

    def unannounced() -> Iterator[bytes]:
        for _ in range(LARGEST // len(part) + 1):
            yield part

    memory = _memory(shop)
    answer = _put(owner, product_id, unannounced())
    assert (answer.status_code, answer.json()["code"]) == (413, "content_too_large")
    assert _memory(shop) - memory < LARGEST // 4
    until(lambda: _everything_in(shop) == before, "what came of it to be gone")
    assert _announced(shop, owner, product_id, LARGEST + 1) == 413
    assert owner.post("/merchant/issues/x/resolve", content=b" " * (LARGEST_BODY + 1)).status_code == 413


def _announced(shop: Shop, owner: httpx.Client, product_id: str, size: int) -> int:
    """Say how large a file is going to be, and send nothing of it; returns the status of the answer."""
    with closing(HTTPConnection("127.0.0.1", int(shop.environment["PORT"]), timeout=30)) as connection:
        connection.putrequest("POST", f"/api/merchant/products/{product_id}/file?name=a.pdf")
        for header in (("Authorization", owner.headers["authorization"]), ("Content-Length", str(size))):
            connection.putheader(*header)
        connection.endheaders()
        return connection.getresponse().status


def _memory(shop: Shop) -> int:
    """Return how many bytes of memory the shop's process had at most so far."""
    status = Path(f"/proc/{shop.process.pid}/status").read_text(encoding="utf-8")
    [peak] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peak) * 1024


def test_nobody_but_an_owner_puts_a_file_there(shop: Shop, sold: Purchase) -> None:
    assert _put(sold.buyer, sold.product_id).json()["code"] == "not_permitted"
    stranger = httpx.Client(base_url=f"{shop.url}/api", timeout=30)
    assert _put(stranger, sold.product_id).json()["code"] == "invalid_token"


def test_who_put_which_file_there_is_in_the_audit_log(shop: Shop, owner: httpx.Client) -> None:
    product_id = _digital(shop)
    _put(owner, product_id, b"%PDF-1.4", "first.pdf").raise_for_status()
    entry = owner.get("/merchant/audit", params={"limit": 1}).json()["items"][0]
    assert (entry["subject"], entry["subject_id"], entry["actor"]) == ("product", product_id, "merchant")
    assert (entry["kind"], entry["data"]["name"]) == ("filed", "first.pdf")
