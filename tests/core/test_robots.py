"""Machines that follow links before people do."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.robots import is_hasty, is_machine, is_sweeping

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "agent",
    [
        "", "  ", "BarracudaCentral/1.0", "Mozilla/5.0 (compatible; Proofpoint URL Defense)", "Mimecast",
        "Microsoft Office/16.0 (Windows NT 10.0)", "Mozilla/4.0 (compatible; ms-office)",
        "Mozilla/5.0 (compatible; Googlebot/2.1)", "Slackbot-LinkExpanding 1.0",
        "Mozilla/5.0 (Windows NT 5.1) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "curl/8.5.0",
        "Wget/1.21", "python-requests/2.32", "Go-http-client/2.0", "Java/17.0.2", "HeadlessChrome/120",
        "AdsBot-Google", "Sophos Web Crawler", "WhatsApp Link Preview", "Vade Secure", "VadeSecure/1.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "WhatsApp/2.23.20.0 A",
        "facebookcatalog/1.0", "meta-externalagent/1.1", "TelegramBot (like TwitterBot)", "Twitterbot/1.0",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; +https://www.linkedin.com)", "Slack-ImgProxy (+https://x)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "Iframely/1.3.1",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)", "Mastodon/4.2 (http.rb/5.1)",
    ],
)  # fmt: skip
def test_machines_that_say_so(agent: str) -> None:
    assert is_machine(agent)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 50) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 14; KINGKONG STAR Build/CUBOT) AppleWebKit/537.36 Mobile",
        "Lynx/2.9.0", "Dalvik/2.1.0 (Linux; U; Android 13)",
        "Mozilla/5.0 (Linux; Android 11; Evade X Build/RP1A) AppleWebKit/537.36 Chrome/120.0 Mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]",
    ],
)  # fmt: skip
def test_browsers_and_telephones_are_people(agent: str) -> None:
    assert not is_machine(agent)


@pytest.mark.parametrize(
    ("seconds", "hasty"), [(-60, True), (0, True), (9.9, True), (10, False), (99, False)]
)
def test_within_ten_seconds_of_its_delivery(seconds: float, *, hasty: bool) -> None:
    assert is_hasty(after(seconds), NOON, None) is hasty
    assert is_hasty(after(seconds), NOON, after(-3)) is hasty


@pytest.mark.parametrize(("seconds", "hasty"), [(1, True), (19, True), (21, False)])
def test_where_no_delivery_was_told_its_request_counts(seconds: float, *, hasty: bool) -> None:
    assert is_hasty(after(seconds), None, NOON) is hasty
    # what is known is the invitation's delivery, and the link is a reminder's
    assert is_hasty(after(seconds), NOON - timedelta(days=4), NOON) is hasty


def test_where_nothing_is_known_it_is_a_person() -> None:
    assert not is_hasty(NOON, None, None)


def test_other_links_opened_about_then() -> None:
    assert is_sweeping(NOON, [after(-3_600), after(4)])
    assert is_sweeping(NOON, [after(-9)])
    assert not is_sweeping(NOON, [after(11), after(-11)])
    assert not is_sweeping(NOON, [])
