from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from services.web.receipts import Receipt, Receipts

RECEIPT = Receipt(code="K7F-4MQ", proof="0605")


def kept(receipts: Receipts, **headers: str) -> str:
    """The Set-Cookie header of an answer that gives a receipt."""
    request = make_mocked_request("POST", "/", headers={name.replace("_", "-"): text for name, text in headers.items()})
    response = web.Response()
    receipts.keep(request, response, RECEIPT)
    return response.cookies["plats_receipt"].OutputString()


def read(receipts: Receipts, cookie: str) -> Receipt | None:
    return receipts.read(make_mocked_request("GET", "/", headers={"Cookie": cookie.partition(";")[0]}))


def test_a_receipt_is_read_back_by_us_only() -> None:
    ours, other = Receipts("0a" * 32), Receipts("0b" * 32)
    cookie = kept(ours)

    assert read(ours, cookie) == RECEIPT
    assert read(other, cookie) is None
    assert read(ours, "plats_receipt=forged") is None
    assert RECEIPT.code not in cookie


def test_behind_https_a_receipt_travels_over_https_only() -> None:
    receipts = Receipts("0a" * 32)

    assert "Secure" in kept(receipts, X_Forwarded_Proto="https")
    assert "Secure" not in kept(receipts)
