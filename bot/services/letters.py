"""From a campaign and a contact to a letter: previews, tests, and the requests of a wave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot import ports
from bot.core import links
from bot.core.campaigns import Campaign
from bot.core.contacts import Contact
from bot.core.letters import Addressed, Composed, Envelopes, Letter, Unsubscribe
from bot.core.people import Member
from bot.core.sentences import Refusal
from bot.core.tokens import Tokens

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
    ) -> Iterator[Addressed]:
        """One after the other, as they are asked for."""
        tokens = Tokens(self.policy.secret, campaign.workspace, campaign.id)
        pages = f"{self.policy.public_url}/u/" if self.policy.public_url else ""
        link = links.around(campaign.link, campaign.link_parameter)
        envelopes = self._envelopes(campaign, composed, link)
        for number, contact in people:
            page = pages and pages + tokens.link(number, wave)
            token = tokens.answer(number)
            yield envelopes.address(contact, number=number, token=token, unsubscribe_url=page)

    def _envelopes(self, campaign: Campaign, composed: Composed, link: tuple[str, str]) -> Envelopes:
        mailto = self.policy.unsubscribe_to
        return Envelopes(composed.tags, link=link, seed=campaign.seed, mailto=mailto)

    def _test(self, campaign: Campaign, composed: Composed, contact: Contact, to: Member) -> Addressed:
        """It carries no answer token, so that it is never an answer."""
        page = self.policy.public_url
        if page:
            tokens = Tokens(self.policy.secret, campaign.workspace, campaign.id)
            page = f"{page}/u/{tokens.link(TEST, 0)}"
        envelopes = self._envelopes(campaign, composed, (campaign.link, ""))
        made = envelopes.address(contact, number=TEST, token="", unsubscribe_url=page)
        return replace(made, email=to.email, name=to.name)

    def send_test(self, campaign: Campaign, contact: Contact, to: Member) -> None:
        """The contact's letter, marked as a test, to the member. Raises Refusal where it did not leave."""
        letter = self.letter(campaign, is_test=True)
        composed = self.compose(letter)
        people = [self._test(campaign, composed, contact, to)]
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
