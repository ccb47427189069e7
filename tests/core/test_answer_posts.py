"""What questionnaire tools post, as their documentation shows it: believed, forged, and read."""

import base64
import codecs
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answer_posts import MOST, Post, candidates, in_text, sealed
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.tokens import Tokens

SECRET = b"a secret of the house"
TOKEN = Tokens(b"s" * 32, WorkspaceId("T1"), CampaignId("cmp_1")).answer(7)
OTHER = Tokens(b"s" * 32, WorkspaceId("T1"), CampaignId("cmp_1")).answer(8)
JSON = {"content-type": "application/json"}


def raw(said: Any) -> bytes:
    return json.dumps(said).encode()


def based(body: bytes, digest: str = "sha256") -> str:
    return base64.b64encode(hmac.digest(SECRET, body, digest)).decode()


# https://www.typeform.com/developers/webhooks/example-payload/, shortened: hidden fields by name
TYPEFORM = {
    "event_id": "LtWXD3crgy", "event_type": "form_response",
    "form_response": {
        "form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fbc15",
        "landed_at": "2026-11-23T11:00:00Z", "submitted_at": "2026-11-23T11:02:00Z",
        "hidden": {"postillon": TOKEN},
        "definition": {"id": "lT4Z3j", "title": "Avis", "fields": [{"id": "x", "type": "short_text"}]},
        "answers": [{"type": "text", "text": "Très bien", "field": {"id": "x", "type": "short_text"}}],
    },
}  # fmt: skip
# https://tally.so/help/webhooks: a hidden field is one of the fields
TALLY = {
    "eventId": "a4cb511e-d513-4fa5-baee-b815d718dfd1", "eventType": "FORM_RESPONSE",
    "createdAt": "2026-11-23T15:00:21.889Z",
    "data": {
        "responseId": "2wgx4n", "submissionId": "2wgx4n", "respondentId": "dwQKYm", "formId": "VwbNEw",
        "fields": [
            {"key": "question_mVGEg3_8b57", "label": "postillon", "type": "HIDDEN_FIELDS", "value": TOKEN},
            {"key": "question_nPpjVn", "label": "Score", "type": "CALCULATED_FIELDS", "value": 20},
            {"key": "question_q", "label": "Choix", "type": "CHECKBOXES", "value": ["a", "b"]},
        ],
    },
}  # fmt: skip
# the LimeSurveyWebhook plugin: its "API token" stands in the body, answers by question code
LIMESURVEY = {
    "api_token": SECRET.decode(), "survey": 123456, "event": "afterSurveyComplete", "respondId": 12,
    "response": {"id": "12", "submitdate": "2026-11-23 12:00:00", "Q1": "5", "postillon": TOKEN},
    "submitDate": "2026-11-23 12:00:00", "token": None,
}  # fmt: skip
# https://developer.surveymonkey.com/api/v3/: a response's details, as a script of one's own passes them on
SURVEYMONKEY = {
    "id": "5007154325", "survey_id": "123456789", "collector_id": "50253586", "response_status": "completed",
    "custom_variables": {"postillon": TOKEN}, "custom_value": "", "pages": [],
}  # fmt: skip
# the same service's own webhook names nobody
MONKEY_WEBHOOK = {
    "name": "My Webhook", "filter_type": "survey", "filter_id": "123456789",
    "event_type": "response_completed", "event_id": "10027615456", "object_type": "response",
    "object_id": "5007154325", "event_datetime": "2026-11-23T21:59:56.000000+00:00",
    "resources": {"respondent_id": "5007154325", "collector_id": "50253586", "survey_id": "123456789"},
}  # fmt: skip
GOOGLE = {"tokens": [TOKEN]}

Posted = Callable[[bytes], Post]


def typeform(body: bytes) -> Post:
    return Post(raw=body, headers={**JSON, "typeform-signature": "sha256=" + based(body)})


def tally(body: bytes) -> Post:
    return Post(raw=body, headers={**JSON, "tally-signature": based(body)})


def script(body: bytes) -> Post:
    return Post(raw=body, headers={**JSON, "x-postillon-signature": sealed(SECRET, body)})


def monkey(body: bytes) -> Post:
    headers = {
        "content-type": "application/vnd.surveymonkey.response.v1+json",
        "sm-apikey": "key",
        "sm-signature": based(body, "sha1"),
    }
    return Post(raw=body, headers=headers)


def plain(body: bytes) -> Post:
    return Post(raw=body, headers=JSON)


def bearer(body: bytes) -> Post:
    return Post(raw=body, headers={**JSON, "authorization": f"Bearer {SECRET.decode()}"})


def basic(body: bytes) -> Post:
    pair = base64.b64encode(b"postillon:" + SECRET).decode()
    return Post(raw=body, headers={**JSON, "authorization": f"Basic {pair}"})


def header(body: bytes) -> Post:
    return Post(raw=body, headers={**JSON, "x-postillon-secret": SECRET.decode()})


def in_query(body: bytes) -> Post:
    return Post(raw=body, headers=JSON, query={"secret": SECRET.decode()})


TOOLS = [
    pytest.param(TYPEFORM, typeform, id="typeform"),
    pytest.param(TALLY, tally, id="tally"),
    pytest.param(LIMESURVEY, plain, id="limesurvey"),
    pytest.param(GOOGLE, script, id="google"),
    pytest.param(SURVEYMONKEY, script, id="surveymonkey"),
    *(pytest.param({"token": TOKEN}, way, id=way.__name__) for way in (bearer, basic, header, in_query)),
]


@pytest.mark.parametrize(("said", "posted"), TOOLS)
def test_each_tool_is_believed_and_its_code_found(said: Any, posted: Posted) -> None:
    assert TOKEN in (candidates(SECRET, posted(raw(said))) or [])


@pytest.mark.parametrize(("said", "posted"), TOOLS)
def test_nobody_else_is(said: Any, posted: Posted) -> None:
    assert candidates(b"another secret", posted(raw(said))) is None


SEALED = [tool for tool in TOOLS if tool.id in ("typeform", "tally", "google")]


@pytest.mark.parametrize(("said", "posted"), SEALED)
def test_a_signature_is_of_this_very_body(said: Any, posted: Posted) -> None:
    signed = posted(raw(said))
    altered = Post(raw=signed.raw + b" ", headers=signed.headers)
    assert candidates(SECRET, altered) is None
    # a wrong signature is not mended by knowing the secret otherwise
    assert candidates(SECRET, Post(raw=altered.raw, headers=signed.headers, query={"secret": "x"})) is None


def test_nobody_knows_an_empty_secret() -> None:
    body = raw({"token": TOKEN, "secret": ""})
    for post in (plain(body), Post(raw=body, headers={**JSON, "x-postillon-signature": sealed(b"", body)})):
        assert candidates(b"", post) is None


def test_a_signature_in_hexadecimal_or_base64() -> None:
    body = raw({"token": TOKEN})
    digest = hmac.new(SECRET, body, hashlib.sha256)
    for good in (digest.hexdigest(), digest.hexdigest().upper(), based(body), "sha256=" + based(body)):
        assert candidates(SECRET, Post(raw=body, headers={**JSON, "x-postillon-signature": good})) == [TOKEN]
    for bad in ("", "sha256=", "x", "é", "=" * 64, "sha256=" + digest.hexdigest()[:-1] + "é"):
        assert candidates(SECRET, Post(raw=body, headers={**JSON, "x-postillon-signature": bad})) is None


def test_surveymonkey_s_own_webhook_is_believed_and_names_nobody() -> None:
    assert candidates(SECRET, monkey(raw(MONKEY_WEBHOOK))) == []


def test_a_form_and_a_text_are_read_too() -> None:
    known = {"x-postillon-secret": SECRET.decode()}
    link = f"https://forms.example/s?a=1&postillon={OTHER}"
    form = urlencode([("Field1", "x"), ("url", link), ("url", TOKEN), ("nested", quote(link))]).encode()
    headers = {**known, "content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert set(candidates(SECRET, Post(raw=form, headers=headers)) or []) == {TOKEN, OTHER}
    own = urlencode({"secret": SECRET.decode(), "code": TOKEN}).encode()
    assert candidates(SECRET, Post(raw=own, headers={"content-type": headers["content-type"]})) == [TOKEN]
    multipart = f'--x\r\nContent-Disposition: form-data; name="rawRequest"\r\n\r\n{{"q":"{TOKEN}"}}'.encode()
    typed = {**known, "content-type": "multipart/form-data; boundary=x"}
    assert candidates(SECRET, Post(raw=multipart, headers=typed)) == [TOKEN]


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("application/json", raw({TOKEN: 1}), id="as a name"),
        pytest.param("", raw([{"x": {TOKEN: None}}]), id="as a name, deeper"),
        pytest.param(
            "application/json", raw({"u": quote(quote(f"https://x/?p={TOKEN}&q", ""), "")}), id="twice"
        ),
        pytest.param("application/json", codecs.BOM_UTF8 + raw({"t": TOKEN}), id="a mark before it"),
        pytest.param("", codecs.BOM_UTF8 + raw({"t": TOKEN}), id="a mark, no type"),
        pytest.param("application/json", json.dumps({"t": TOKEN}).encode("utf-16"), id="UTF-16"),
        pytest.param("application/json", b'{"n":"\\ud800","t":"%s"}' % TOKEN.encode(), id="half a character"),
        pytest.param("application/json", b'{"n":"Ren\xe9","t":"%s"}' % TOKEN.encode(), id="Latin-1 JSON"),
        pytest.param(FORM, b"name=Ren\xe9&t=" + TOKEN.encode(), id="Latin-1 form"),
        pytest.param(FORM, b"name=Ren%E9&" + TOKEN.encode() + b"=", id="a form's name"),
        pytest.param("text/plain", b"Ren\xe9 " + TOKEN.encode(), id="Latin-1 text"),
    ],
)
def test_no_genuine_answer_is_lost_for_its_form(kind: str, body: bytes) -> None:
    known = {"content-type": kind, "x-postillon-secret": SECRET.decode()}
    assert candidates(SECRET, Post(raw=body, headers=known)) == [TOKEN]
    assert candidates(SECRET, Post(raw=body, headers={"content-type": kind})) is None


def test_a_word_that_looks_like_a_code_hides_none() -> None:
    decoy = "a" + "c" * 30
    assert in_text(f"https://x/?abc={decoy}&r=" + quote(f"https://y?p={TOKEN}", "")) == [decoy, TOKEN]
    assert in_text(f"{TOKEN} %41 {TOKEN}") == [TOKEN]
    assert in_text("%\ud800 " + TOKEN) == [TOKEN]


@pytest.mark.parametrize("body", [b"{", b"[1,", b"\xff\xfe", b"nul", b"[" * 5_000])
def test_what_does_not_read_is_said_to_those_we_know(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        candidates(SECRET, header(body))
    assert candidates(SECRET, plain(body)) is None


def test_too_many_values_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        candidates(SECRET, header(raw(["x"] * (MOST + 1))))


@pytest.mark.parametrize("text", [TOKEN[:-40], "x" + TOKEN, TOKEN + "-" * 200, "l" + TOKEN[1:], "a" * 500])
def test_what_only_looks_like_a_code(text: str) -> None:
    assert TOKEN not in in_text(text)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(said=ANYTHING, place=st.sampled_from(["key", "link", "alone"]))
def test_wherever_a_tool_puts_it(said: Any, place: str) -> None:
    code = {"alone": TOKEN, "link": f"https://x.example/?p={TOKEN}&q", "key": f"postillon: {TOKEN}"}[place]
    assert TOKEN in (candidates(SECRET, header(raw([said, {"deep": [said, code]}]))) or [])


HEADERS = ["content-type", "authorization", "typeform-signature", "sm-signature", "x-postillon-secret"]


@settings(deadline=None)
@given(
    body=st.binary(max_size=300),
    headers=st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=60)),
)
def test_nothing_else_ever_passes(body: bytes, headers: dict[str, str]) -> None:
    assert candidates(SECRET, Post(raw=body, headers=headers)) is None
