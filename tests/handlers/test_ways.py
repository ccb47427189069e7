"""Through the environment's proxy, or straight where NO_PROXY says so: every client of the bot alike."""

import pytest

from handlers.ways import goes_straight, probing_client, slack_app, socket_mode

PROXY = "http://127.0.0.1:9"
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", PROXY)


@pytest.mark.parametrize(
    ("no_proxy", "url", "straight"),
    [
        ("", "https://slack.com/api/", False),
        ("slack.com", "https://slack.com/api/", True),
        (".slack.com", "https://slack-gov.com/api/", False),
        ("127.0.0.1", "http://127.0.0.1:4000/api/", True),
        ("127.0.0.1:4000", "http://127.0.0.1:4000/api/", True),
        ("127.0.0.1:4001", "http://127.0.0.1:4000/api/", False),
        ("*", "https://slack.com/api/", True),
    ],
)
async def test_what_no_proxy_names(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, url: str, *, straight: bool
) -> None:
    monkeypatch.setenv("NO_PROXY", no_proxy)
    proxy = None if straight else PROXY
    assert goes_straight(url) is straight
    app = slack_app(token="xoxb-1", url=url, signing_secret="s")
    assert app.client.proxy == proxy
    assert probing_client(token="xoxb-1", url=url, seconds=1).proxy == proxy
    handler = socket_mode(app, "xapp-1")
    assert handler.client.proxy == proxy
    await handler.close_async()  # type: ignore[no-untyped-call]
