"""The mail service learns nothing of people beyond the letter; openings are counted only where somebody
answers for the consent."""

from typing import Any

from tests.journeys.harness import Town

FILE = (
    "Email;Prénom;Nom;Société\r\nanna@example.com;Anna;Leroy;Moulins\r\nbob@example.com;Bob;Martin;Roche\r\n"
)
OFF = {"click_tracking": {"enable": False, "enable_text": False}, "open_tracking": {"enable": False}}
PERSONAL = ("anna", "bob", "leroy", "martin", "moulins", "roche", "claire", "@", "example.com", "clients")


async def sends(town: Town) -> None:
    await town.claire.drops(("clients.csv", FILE.encode()))
    await town.claire.sees("Liste gardée")
    await town.composes(town.claire, "https://forms.example/s/1")
    await town.claire.clicks("campaigns.test")
    await town.mail.until(lambda: town.mail.letters)
    await town.claire.submits()
    await town.claire.sees("programmée")
    await town.reaches_departure()
    await town.letters(3)


def bodies(town: Town) -> list[dict[str, Any]]:
    found = [seen.body for seen in town.mail.requests if seen.path == "/v3/mail/send"]
    assert all(isinstance(body, dict) for body in found)
    return found  # type: ignore[return-value]


async def test_what_the_service_keeps_for_ever_holds_opaque_ids_alone(town: Town) -> None:
    await sends(town)
    (campaign,) = town.bot.store.campaigns.all(town.workspace)
    sent = bodies(town)
    assert len(sent) == 2, "a test, and the wave"
    for body in sent:
        assert body["categories"] == ["postillon", f"postillon:{campaign.id}"]
        assert set(body["custom_args"]) == {"postillon_campaign", "postillon_wave"}
        kept = [body["categories"], body["custom_args"]]
        for person in body["personalizations"]:
            assert set(person["custom_args"]) == {"postillon_recipient"}
            assert int(person["custom_args"]["postillon_recipient"]) in (-1, 0, 1)
            kept.append(person["custom_args"])
        assert not [word for word in PERSONAL if word in repr(kept).lower()]
        assert {name: body["tracking_settings"][name] for name in OFF} == OFF
        assert body["tracking_settings"]["ganalytics"] == {"enable": False}
        assert not {"asm", "template_id", "batch_id", "ip_pool_name", "attachments"} & set(body)


async def test_elsewhere_the_service_is_told_nothing_at_all(town: Town) -> None:
    """Of all the other requests: no body, and no address in their paths."""
    await sends(town)
    others = [seen for seen in town.mail.requests if seen.path != "/v3/mail/send"]
    assert others
    assert [seen for seen in others if seen.body is not None or "@" in seen.path] == []


def admin_of(town: Town) -> Any:
    return next(one for one in (town.claire, town.samir, town.bob) if one.profile.is_admin)


async def test_openings_are_counted_once_somebody_answers_for_the_consent(town: Town) -> None:
    admin = admin_of(town)
    await admin.commands("/postillon", "réglages")
    await town.dialog(admin, "openings.setting")
    await admin.sees("2026-042")
    await admin.checks("consent", "consent")
    await admin.submits()
    await town.slack.until(lambda: town.bot.store.spaces.get(town.workspace).openings)
    await admin.closes()
    await sends(town)
    test, wave = bodies(town)
    assert test["tracking_settings"]["open_tracking"] == {"enable": False}
    assert wave["tracking_settings"]["open_tracking"] == {"enable": True}
    letter = next(one for one in town.mail.letters if one.to == "anna@example.com")
    town.mail.tell(letter, "delivered")
    town.mail.tell(letter, "open", sg_machine_open=True)
    await town.claire.sees("1 lettre ouverte, à titre indicatif")
    verbs = [entry.verb for entry in town.bot.store.log.read(town.workspace)]
    assert "openings_on" in verbs


async def test_they_are_switched_off_again_and_nobody_else_may(town: Town) -> None:
    admin = admin_of(town)
    await admin.commands("/postillon", "openings")
    await town.dialog(admin, "openings.setting")
    await admin.checks("consent", "consent")
    await admin.submits()
    await town.slack.until(lambda: town.bot.store.spaces.get(town.workspace).openings)
    await admin.closes()
    other = next(one for one in (town.claire, town.bob) if not one.profile.is_admin)
    await other.forges_submission("openings.setting", ":0:off", {})
    assert town.bot.store.spaces.get(town.workspace).openings is not None
    await admin.commands("/postillon", "openings")
    await town.dialog(admin, "openings.setting")
    await admin.submits()
    await town.slack.until(lambda: town.bot.store.spaces.get(town.workspace).openings is None)


async def test_a_forged_yes_without_consent_changes_nothing(town: Town) -> None:
    admin = admin_of(town)
    await admin.forges_submission("openings.setting", ":0:on", {})
    assert town.bot.store.spaces.get(town.workspace).openings is None
