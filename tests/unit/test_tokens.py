"""Tokens of sign-ins: each key is good for what it signs, two at once, and nothing else is."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout_app.auth import tokens
from checkout_app.auth.errors import InvalidToken
from checkout_app.auth.models import User
from checkout_app.core import clock, signing
from checkout_app.core.session import Session
from tests.support.inside import settings_for

NOW, BEFORE, OTHER = "n" * 32, "b" * 32, "o" * 32


@pytest.fixture(scope="module", autouse=True)
def _secrets() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch, _signed_with(monkeypatch, NOW, BEFORE):
        yield


def _signed_with(monkeypatch: pytest.MonkeyPatch, present: str, previous: str = "") -> Any:
    return settings_for(monkeypatch, JWT_SECRET=present, JWT_SECRET_PREVIOUS=previous, LINK_SECRET=OTHER)


class _Nowhere(Session):
    """A session that keeps nothing: what is looked at is the token."""

    def __init__(self) -> None:
        pass

    def add(self, *rows: object) -> None:
        pass


def _token() -> str:
    return tokens.open_session(_Nowhere(), User(id="ASHA", email="asha@example.in"))


def _said(**more: Any) -> dict[str, Any]:
    expires_at = clock.now() + timedelta(hours=1)
    return {"iss": "checkout", "aud": "sign-in", "sub": "ASHA", "sid": "SESSION", "exp": expires_at} | more


def _key(secret: str, purpose: signing.Purpose = signing.Purpose.SIGN_IN) -> bytes:
    return signing.key_for(purpose, secret)


def _forged(said: Mapping[str, Any], key: bytes | str, **header: Any) -> str:
    algorithm = header.pop("alg", "HS256")
    return jwt.encode(dict(said), key, algorithm=algorithm, headers=header)


def _forged_for(purpose: signing.Purpose) -> str:
    key = _key(NOW, purpose)
    return _forged(_said(), key, **_named(key))


def _with_header(header: Mapping[str, Any]) -> str:
    told = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{told}.{_token().partition('.')[2]}"


def _named(key: bytes) -> dict[str, Any]:
    return {"kid": signing.id_of(key)}


def _without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in _said().items() if name not in names}


GOOD: Mapping[str, Callable[[], str]] = {
    "ours": _token,
    "by the present key": lambda: _forged(_said(), _key(NOW), **_named(_key(NOW))),
    "by the previous key": lambda: _forged(_said(), _key(BEFORE), **_named(_key(BEFORE))),
    "of before this version": lambda: _forged(_without("aud"), NOW),
    "of before this version, by the previous secret": lambda: _forged(_without("aud"), BEFORE),
}
BAD: Mapping[str, Callable[[], str]] = {
    "of no algorithm": lambda: _forged(_said(), "", alg="none", **_named(_key(NOW))),
    "of no algorithm and no key": lambda: _forged(_without("aud"), "", alg="none"),
    "of another algorithm": lambda: _forged(_said(), _key(NOW), alg="HS384", **_named(_key(NOW))),
    "of another algorithm, of before": lambda: _forged(_without("aud"), NOW, alg="HS512"),
    "that names no key": lambda: _forged(_said(), _key(NOW)),
    "that names no key, by another secret": lambda: _forged(_without("aud"), OTHER),
    "that names a key nobody knows": lambda: _forged(_said(), _key(NOW), kid="00000000"),
    "that names no text as its key": lambda: _with_header({"alg": "HS256", "kid": ["00000000"]}),
    "by a key that it does not name": lambda: _forged(_said(), _key(OTHER), **_named(_key(NOW))),
    "by the other of two keys": lambda: _forged(_said(), _key(BEFORE), **_named(_key(NOW))),
    "by a strange key that it names": lambda: _forged(_said(), _key(OTHER), **_named(_key(OTHER))),
    "by the secret itself": lambda: _forged(_said(), NOW, **_named(_key(NOW))),
    "for somebody else": lambda: _forged(_said(aud="links"), _key(NOW), **_named(_key(NOW))),
    "for nobody": lambda: _forged(_without("aud"), _key(NOW), **_named(_key(NOW))),
    "of before, for somebody else": lambda: _forged(_said(aud="links"), NOW),
    "by somebody else": lambda: _forged(_said(iss="evil"), _key(NOW), **_named(_key(NOW))),
    "that never ends": lambda: _forged(_without("exp"), _key(NOW), **_named(_key(NOW))),
    "that is over": lambda: _forged(_said(exp=clock.now() - timedelta(seconds=1)), _key(NOW), **_named(_key(NOW))),
    "of no sign-in": lambda: _forged(_without("sid"), _key(NOW), **_named(_key(NOW))),
    **{
        f"by the key for {purpose}": partial(_forged_for, purpose)
        for purpose in set(signing.Purpose) - {signing.Purpose.SIGN_IN}
    },
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_token_is_good(kind: str) -> None:
    assert tokens.read(GOOD[kind]()).user_id == "ASHA"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("kind", BAD)
def test_a_token_is_refused(kind: str) -> None:
    with pytest.raises(InvalidToken):
        tokens.read(BAD[kind]())


@given(st.text() | st.lists(st.text(alphabet="abcABC019-_"), min_size=3, max_size=3).map(".".join))
def test_whatever_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        tokens.read(text)


def test_a_change_of_the_secret_signs_nobody_out_until_the_one_of_before_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with _signed_with(monkeypatch, BEFORE):
        token = _token()
    assert tokens.read(token)
    with _signed_with(monkeypatch, NOW), pytest.raises(InvalidToken):
        tokens.read(token)


def test_a_token_names_its_key_and_gives_neither_it_nor_the_secret_away() -> None:
    token = _token()
    named = jwt.get_unverified_header(token)["kid"]
    assert named == signing.id_of(_key(NOW))
    assert not any(told in named for told in (NOW[:8], _key(NOW).hex()[:8]))
