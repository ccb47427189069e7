"""`check`: what is wrong with an installation, and how to repair it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.core.findings import Finding
from bot.core.letters import Addressed, Composed, Letter, Sender
from bot.core.people import Language
from bot.core.sentences import sentence
from bot.ports import NotTaken, Outcome, Policy, Refused, Request
from bot.services.checks import SCOPES, Installed, Unanswered, findings
from bot.texts import Say

POLICY = Policy(
    mail_from=Sender(address="enquetes@studio-nova.example", name="Studio Nova"), reply_to=None,
    postal_address="1 rue de la Poste", unsubscribe_to="", public_url="https://post.example",
    default_language=Language.ENGLISH, senders=(), admins=(), max_file_bytes=1, undo_seconds=60,
    secret=b"",
)  # fmt: skip


@dataclass
class FakeSlack:
    installed: Installed | Unanswered = field(
        default_factory=lambda: Installed(team="Nova", bot="postillon", scopes=SCOPES)
    )
    connection: Unanswered | None = None
    member: bool | Unanswered = True

    def is_in(self, channel: str) -> bool | Unanswered:
        assert channel in ("C0SUPPORT", "C0ACCORDS")
        return self.member

    def who(self) -> Installed | Unanswered:
        return self.installed

    def socket(self) -> Unanswered | None:
        return self.connection


@dataclass
class FakeMailer:
    known: Sequence[str] | Refused | NotTaken = ("@studio-nova.example",)

    def senders(self) -> Sequence[str] | Refused | NotTaken:
        return self.known

    def build(
        self, letter: Letter, composed: Composed, people: Sequence[Addressed], *, campaign: str, wave: int
    ) -> Request:
        raise AssertionError("a check sends nothing")

    def post(self, request: Request) -> Outcome:
        raise AssertionError("a check sends nothing")


def found(
    slack: FakeSlack | None = None, mailer: FakeMailer | None = None, storage: Sequence[Finding] = (),
    policy: Policy = POLICY,
) -> list[Finding]:  # fmt: skip
    return findings(policy=policy, slack=slack or FakeSlack(), mailer=mailer or FakeMailer(), storage=storage)


def test_nothing_wrong_nothing_found() -> None:
    assert found() == []


@pytest.mark.parametrize(
    "known", [["Enquetes@Studio-Nova.example"], ["@other.example", "@studio-nova.example"]]
)
def test_a_verified_sender_or_its_domain_will_do(known: list[str]) -> None:
    assert found(mailer=FakeMailer(known)) == []


@pytest.mark.parametrize(
    ("slack", "mailer", "key"),
    [
        (FakeSlack(Unanswered(error="unreachable"), Unanswered(error="unreachable")), None, "slack.away"),
        (FakeSlack(Unanswered(error="invalid_auth")), None, "slack.token"),
        (FakeSlack(Unanswered(error="team_access_not_granted")), None, "slack.refused"),
        (
            FakeSlack(Installed(team="", bot="", scopes=SCOPES - {"files:read", "commands"})),
            None,
            "slack.scopes",
        ),
        (FakeSlack(connection=Unanswered(error="missing_scope")), None, "slack.socket"),
        (None, FakeMailer(NotTaken(seconds=30, why="unreachable")), "mail.away"),
        (None, FakeMailer(Refused(why="key", detail="authorization grant is invalid")), "mail.key"),
        (None, FakeMailer(Refused(why="credits", detail="Maximum credits exceeded")), "mail.refused"),
        (None, FakeMailer(["@other.example", "anna@studio-nova.example"]), "mail.sender"),
        (None, FakeMailer([]), "mail.sender"),
    ],
)
def test_each_grave_problem_has_its_cure(
    slack: FakeSlack | None, mailer: FakeMailer | None, key: str
) -> None:
    (finding,) = found(slack, mailer)
    assert finding.what.key == f"checks.{key}"
    assert finding.grave
    for language in Language:
        assert finding.cure is not None
        assert Say(language)(finding.what) != Say(language)(finding.cure)


@pytest.mark.parametrize(
    ("mailer", "url", "key"),
    [
        (FakeMailer(Refused(why="key", detail="access forbidden")), POLICY.public_url, "mail.unreadable"),
        (None, "", "url.absent"),
        (None, "http://post.example", "url.plain"),
    ],
)
def test_some_things_are_only_worth_knowing(mailer: FakeMailer | None, url: str, key: str) -> None:
    (finding,) = found(mailer=mailer, policy=replace(POLICY, public_url=url))
    assert finding.what.key == f"checks.{key}"
    assert not finding.grave
    for language in Language:
        assert finding.cure is not None
        assert Say(language)(finding.what) != Say(language)(finding.cure)


def test_the_missing_scopes_are_named() -> None:
    (finding,) = found(FakeSlack(Installed(team="", bot="", scopes=SCOPES - {"files:read", "commands"})))
    assert Say(Language.ENGLISH)(finding.what) == "The bot lacks 2 scopes: commands, files:read."


def test_a_storage_says_itself_what_is_wrong() -> None:
    trouble = sentence("storage.unwritable.start", file="data", reason="read-only")
    assert found(storage=[Finding(what=trouble)]) == [Finding(what=trouble)]


def test_everything_at_once() -> None:
    slack = FakeSlack(Unanswered(error="invalid_auth"), Unanswered(error="invalid_auth"))
    damaged = Finding(what=sentence("storage.damaged"))
    keys = [finding.what.key for finding in found(slack, FakeMailer([]), [damaged])]
    assert keys == ["storage.damaged", "checks.slack.token", "checks.slack.socket", "checks.mail.sender"]


@pytest.mark.parametrize(
    ("answer", "said", "grave"),
    [
        (False, "I am not in SUPPORT_CHANNEL", True),
        (Unanswered(error="channel_not_found"), "Slack does not show me SUPPORT_CHANNEL", True),
        (Unanswered(error="missing_scope"), "I cannot see whether I am in SUPPORT_CHANNEL", False),
    ],
)
def test_a_support_channel_that_will_hear_nothing(answer: bool | Unanswered, said: str, grave: bool) -> None:
    policy = replace(POLICY, support_channel="C0SUPPORT")
    (finding,) = found(FakeSlack(member=answer), policy=policy)
    assert said in Say(Language.ENGLISH)(finding.what)
    assert finding.cure is not None
    assert "/invite @Postillon" in Say(Language.ENGLISH)(finding.cure)
    assert finding.grave is grave


def test_a_support_channel_with_the_bot_in_it_is_no_problem() -> None:
    policy = replace(POLICY, support_channel="C0SUPPORT")
    assert found(FakeSlack(member=True), policy=policy) == []
    assert found(FakeSlack(member=Unanswered(error="unreachable")), policy=policy) == []


@pytest.mark.parametrize(
    ("answer", "said", "grave"),
    [
        (False, "I am not in APPROVAL_CHANNEL", True),
        (Unanswered(error="channel_not_found"), "Slack does not show me APPROVAL_CHANNEL", True),
        (Unanswered(error="missing_scope"), "I cannot see whether I am in APPROVAL_CHANNEL", False),
    ],
)
def test_a_channel_where_no_approval_can_be_asked(answer: bool | Unanswered, said: str, grave: bool) -> None:
    policy = replace(POLICY, approval_above=500, approval_channel="C0ACCORDS")
    (finding,) = found(FakeSlack(member=answer), policy=policy)
    assert said in Say(Language.ENGLISH)(finding.what)
    assert finding.cure is not None
    assert "/invite @Postillon" in Say(Language.ENGLISH)(finding.cure)
    assert finding.grave is grave


def test_approvals_without_a_channel_are_worth_knowing() -> None:
    (finding,) = found(policy=replace(POLICY, approval_above=500))
    assert finding.what.key == "checks.approval.absent"
    assert not finding.grave
    assert found(policy=replace(POLICY, approval_channel="C0ACCORDS")) == [], "nothing is asked there"
