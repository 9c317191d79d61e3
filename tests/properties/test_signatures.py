"""A signature holds for exactly what was signed: whatever else arrives, in either direction, is told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pos_client.protocols.central import signing
from pos_client.protocols.central.signing import LIVES_S, SKEW_S, Seen, SignatureWrong, Signed, SigningKey

KEY, OTHER, CENTRAL = (SigningKey(bytes([n]) * 32) for n in (1, 2, 3))
NOW = 1_795_000_000
NONCE = bytes(range(16))
HEADER = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=30)
SEGMENT = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_.:", min_size=1, max_size=20)


@st.composite
def requests(draw) -> Seen:
    """Any request of the contract's kind."""
    path = "/v1/" + "/".join(draw(st.lists(SEGMENT, min_size=1, max_size=3)))
    query = draw(st.sampled_from(["", "", "?after=7"]))
    headers = [(name, draw(HEADER)) for name in ("X-Terminal", "Idempotency-Key", "X-Session") if draw(st.booleans())]
    method = draw(st.sampled_from(["GET", "PUT", "POST"]))
    return Seen(method, f"http://127.0.0.1:8080{path}{query}", headers, draw(st.binary(max_size=60)))


def signed(bare: Seen, key: SigningKey = KEY, now_s: int = NOW) -> Seen:
    return replace(bare, headers=(*bare.headers, *signing.sign_request(bare, key, now_s, NONCE).items()))


def judged(seen: Seen) -> Signed:
    return signing.verify_request(seen, lambda keyid: KEY.public if keyid == KEY.keyid else None)


@given(requests())
def test_what_was_signed_is_heard_and_says_who_when_and_which(bare: Seen):
    assert judged(signed(bare)) == Signed(KEY.keyid, "AAECAwQFBgcICQoLDA0ODw", NOW, NOW + LIVES_S)


@given(requests(), st.data())
def test_a_request_changed_anywhere_is_not_heard(bare: Seen, data: st.DataObject):
    sent = signed(bare)
    what = data.draw(st.sampled_from(["method", "url", "body", "header", "drop", "add", "flip"]))
    headers = list(sent.headers)
    at = data.draw(st.integers(0, len(headers) - 1))
    name, value = headers[at]
    match what:
        case "method":
            changed = replace(
                sent,
                method=data.draw(st.sampled_from([m for m in ("GET", "PUT", "POST", "DELETE") if m != sent.method])),
            )
        case "url":
            changed = replace(
                sent,
                url=data.draw(
                    st.sampled_from(
                        [
                            sent.url + "x",
                            sent.url.replace("8080", "8081"),
                            sent.url.replace("/v1/", "/v2/"),
                            sent.url.partition("?")[0] + "?after=8",
                        ]
                    )
                ),
            )
        case "body":
            changed = replace(sent, body=data.draw(st.binary(max_size=60).filter(lambda body: body != sent.body)))
        case "header":
            other = data.draw(HEADER)
            assume(other != value)
            changed = replace(sent, headers=[*headers[:at], (name, other), *headers[at + 1 :]])
        case "drop":
            changed = replace(sent, headers=headers[:at] + headers[at + 1 :])
        case "add":
            extra = data.draw(
                st.sampled_from(["X-Terminal", "idempotency-key", "X-SESSION", "Content-Digest", "Signature"])
            )
            changed = replace(sent, headers=[*headers, (extra, data.draw(HEADER))])
        case _:
            spot = data.draw(st.integers(0, len(value) - 1))
            letter = data.draw(st.sampled_from('AZaz09=;:"'))
            assume(letter != value[spot])
            changed = replace(
                sent, headers=[*headers[:at], (name, value[:spot] + letter + value[spot + 1 :]), *headers[at + 1 :]]
            )
    try:
        heard = judged(changed)
    except SignatureWrong:
        return
    # Base64 has several spellings of a last letter, and a label is not signed: then the very same thing was said.
    assert what == "flip"
    assert heard == judged(sent)
    assert name in ("Signature", "Signature-Input", "Content-Digest")


@given(requests())
def test_another_key_is_another_till(bare: Seen):
    with pytest.raises(SignatureWrong):
        judged(signed(bare, OTHER))
    mine, theirs = dict(signed(bare).headers), dict(signed(bare, OTHER).headers)
    lifted = replace(bare, headers=list({**mine, "Signature": theirs["Signature"]}.items()))
    with pytest.raises(SignatureWrong):
        judged(lifted)


@given(st.integers(-1_000, 1_000))
def test_a_signature_is_of_use_from_a_minute_before_its_time_until_five_after(offset_s: int):
    said = judged(signed(Seen("GET", "http://127.0.0.1/v1/time", [], b"")))
    assert said.is_current(NOW + offset_s) == (-SKEW_S <= offset_s < LIVES_S)
    assert not replace(said, expires_s=NOW + LIVES_S + 1).is_current(NOW)
    assert not replace(said, expires_s=NOW).is_current(NOW - 1)


ANSWER = [("content-type", "application/json"), ("retry-after", "7")]


def answered(to: Seen, body: bytes = b'{"a":1}', status: int = 200, key: SigningKey = CENTRAL) -> signing.Headers:
    return [*ANSWER, *signing.sign_answer(status, ANSWER, body, to, key, NOW).items()]


@given(requests(), st.binary(max_size=60), st.sampled_from([200, 201, 403, 422]))
def test_an_answer_is_believed_by_whoever_asked(bare: Seen, body: bytes, status: int):
    sent = signed(bare)
    signing.verify_answer(status, answered(sent, body, status), body, sent, CENTRAL.public)


@given(requests(), st.data())
def test_an_answer_changed_or_given_to_another_question_is_not_believed(bare: Seen, data: st.DataObject):
    sent = signed(bare)
    body, status, headers, to, key = b'{"a":1}', 200, list(answered(sent)), sent, CENTRAL.public
    match data.draw(st.sampled_from(["body", "status", "type", "pause", "again", "path", "unsigned", "self", "key"])):
        case "body":
            body = data.draw(st.binary(max_size=60).filter(lambda other: other != body))
        case "status":
            status = 201
        case "type":
            headers[0] = ("content-type", "application/problem+json")
        case "pause":
            headers[1] = ("retry-after", "600")
        case "again":  # the same call, sent a second time with a nonce of its own
            to = replace(bare, headers=(*bare.headers, *signing.sign_request(bare, KEY, NOW, NONCE[::-1]).items()))
        case "path":
            to = replace(sent, url=sent.url.replace("/v1/", "/v1/x"))
        case "unsigned":
            headers = list(ANSWER)
        case "self":  # what the till itself signed is no answer
            headers = [*ANSWER, *[line for line in sent.headers if line[0].startswith(("Signature", "Content"))]]
        case _:
            key = OTHER.public
    with pytest.raises(SignatureWrong):
        signing.verify_answer(status, headers, body, to, key)


@given(st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=80))
def test_whatever_the_headers_hold_the_verdict_is_a_verdict(rubbish: str):
    base = Seen("PUT", "http://127.0.0.1/v1/x", [("X-Terminal", "T")], b"{}")
    for name in ("Signature", "Signature-Input", "Content-Digest"):
        headers = [line for line in signed(base).headers if line[0] != name]
        with pytest.raises(SignatureWrong):
            judged(replace(base, headers=[*headers, (name, rubbish)]))
        answer = [line for line in answered(signed(base)) if line[0] != name]
        with pytest.raises(SignatureWrong):
            signing.verify_answer(200, [*answer, (name, rubbish)], b'{"a":1}', signed(base), CENTRAL.public)
        unreadable = replace(base, headers=[*base.headers, (name, rubbish)])
        assert signing.sign_answer(401, ANSWER, b"{}", unreadable, CENTRAL, NOW)  # and even that is answered


def test_a_key_is_named_by_its_thumbprint():
    """RFC 8037, appendix A.3."""
    public = signing.public_key("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert signing.keyid_of(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", "A" * 44])
def test_what_is_no_key_is_said(text: str):
    with pytest.raises(ValueError, match=r"base64|bytes"):
        signing.public_key(text)
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey(text.encode())
