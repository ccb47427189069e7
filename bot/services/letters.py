"""From a campaign and a contact to a letter: previews, tests, and the requests of a wave."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot import ports
from bot.core import links
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.letters import Addressed, Composed, Letter, Unsubscribe, address
from bot.core.people import Member
from bot.core.sentences import Refusal
from bot.core.tokens import Bearer, answer_token, link_token

TEST = -1  # the recipient number of a test letter


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    letters: ports.Letters
    mailer: ports.Mailer
    policy: ports.Policy

    def letter(self, campaign: Campaign, *, is_test: bool = False) -> Letter:
        return Letter(
            subject=campaign.subject, preheader=campaign.preheader, body=campaign.body,
            language=campaign.language, sender=campaign.sender, reply_to=campaign.reply_to,
            postal_address=self.policy.postal_address, reason=campaign.reason, seed=campaign.seed,
            is_test=is_test,
            unsubscribe=Unsubscribe(page=bool(self.policy.public_url), mailto=self.policy.unsubscribe_to),
        )  # fmt: skip

    def compose(self, letter: Letter) -> Composed:
        return self.letters.compose(letter)

    def preview(self, campaign: Campaign, contact: Contact) -> tuple[str, str]:
        """Subject and words as this person will read them."""
        return self.letters.preview(self.letter(campaign), contact, campaign.link)

    def addressed(
        self, campaign: Campaign, composed: Composed, people: Iterable[tuple[int, Contact]], wave: int
    ) -> list[Addressed]:
        return [self._address(campaign, composed, number, contact, wave) for number, contact in people]

    def _address(
        self, campaign: Campaign, composed: Composed, number: int, contact: Contact, wave: int
    ) -> Addressed:
        return address(
            contact, number=number, tags=composed.tags, link=self._link(campaign, number),
            seed=campaign.seed, unsubscribe_url=self._unsubscribe_url(campaign, number, wave),
            mailto=self.policy.unsubscribe_to,
        )  # fmt: skip

    def _link(self, campaign: Campaign, number: int) -> str:
        """The questionnaire with the answer token; a test carries none, so that it is never an answer."""
        if number == TEST:
            return campaign.link
        bearer = Bearer(workspace=campaign.workspace, campaign=campaign.id, recipient=number)
        return links.personal(
            campaign.link, campaign.link_parameter, answer_token(self.policy.secret, bearer)
        )

    def _unsubscribe_url(self, campaign: Campaign, number: int, wave: int) -> str:
        if not self.policy.public_url:
            return ""
        bearer = Bearer(workspace=campaign.workspace, campaign=campaign.id, recipient=number, wave=wave)
        return f"{self.policy.public_url}/u/{link_token(self.policy.secret, bearer)}"

    def send_test(self, campaign: Campaign, contact: Contact, to: Member) -> None:
        """The contact's letter, marked as a test, to the member. Raises Refusal where it did not leave."""
        letter = self.letter(campaign, is_test=True)
        composed = self.compose(letter)
        (addressed,) = self.addressed(campaign, composed, [(TEST, contact)], wave=0)
        people = [replace(addressed, email=to.email, name=to.name)]
        request = self.mailer.build(letter, composed, people, campaign=campaign.id, wave=0)
        match self.mailer.post(request):
            case ports.Taken():
                return
            case ports.SomeRefused(positions=positions):
                raise Refusal("campaigns.test.refused", detail=next(iter(positions.values()), ""))
            case ports.Refused(why=why, detail=detail):
                raise Refusal(f"mail.refused.{why}", detail=detail)
            case ports.NotTaken(why=why):
                raise Refusal(f"mail.not_taken.{why}")
            case ports.Unknown():
                raise Refusal("campaigns.test.unknown")
