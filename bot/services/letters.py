"""From a campaign and a contact to a letter: previews, tests, and the requests of a wave."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot import ports
from bot.core import links, planning
from bot.core.campaigns import Campaign, State
from bot.core.contacts import Contact
from bot.core.envelopes import Envelopes, own_link
from bot.core.fields import column_name, reader
from bot.core.letters import Addressed, Composed, Letter, Unsubscribe
from bot.core.people import Member
from bot.core.questionnaires import Placement
from bot.core.reminders import Reminder
from bot.core.sentences import Refusal, Sentence, sentence
from bot.core.templates import Words
from bot.core.tokens import Tokens

TEST = -1  # the recipient number of a test letter


@dataclass(frozen=True, kw_only=True)
class Correspondence:
    letters: ports.Letters
    mailer: ports.Mailer
    policy: ports.Policy

    def letter(
        self, campaign: Campaign, *, is_test: bool = False, wave: int = 0, reminder: Reminder | None = None
    ) -> Letter:
        """Of a wave, or of a reminder that is planned: it has its own words, or those that we ship."""
        words = self._words(campaign, reminder or planning.worded(campaign, wave))
        return Letter(
            subject=words.subject, preheader=words.preheader, body=words.body,
            language=campaign.language, sender=campaign.sender, reply_to=campaign.reply_to,
            postal_address=self.policy.postal_address, reason=campaign.reason, seed=campaign.seed,
            columns=campaign.columns, is_test=is_test,
            tells_case=campaign.tells_case or campaign.state is State.DRAFT,
            counts_openings=campaign.counts_openings and not is_test,
            unsubscribe=Unsubscribe(page=bool(self.policy.public_url), mailto=self.policy.unsubscribe_to),
        )  # fmt: skip

    def _words(self, campaign: Campaign, reminder: Reminder | None) -> Words:
        if reminder is None:
            return Words(subject=campaign.subject, body=campaign.body, preheader=campaign.preheader)
        ours = self.letters.reminder(campaign.language)
        body = reminder.body or ours.body
        if reminder.to_unsure:
            body = self.letters.unsure(body, campaign.language)
        return Words(subject=reminder.subject or ours.subject, body=body)

    def compose(self, letter: Letter) -> Composed:
        return self.letters.compose(letter)

    def mistake(self, campaign: Campaign) -> Sentence | None:
        """Why no letter can be made of its words: what is scheduled was checked, but perhaps by rules that
        knew less."""
        try:
            self.compose(self.letter(campaign))
        except Refusal as refusal:
            return sentence("campaigns.why.letter", why=refusal.sentence)
        return None

    def preview(
        self, campaign: Campaign, contact: Contact, reminder: Reminder | None = None
    ) -> tuple[str, str]:
        """Subject and words as this person will read them."""
        place = _own_column(campaign)
        own = "" if place is None else own_link(reader(column_name(place))(contact))
        return self.letters.preview(self.letter(campaign, reminder=reminder), contact, own or campaign.link)

    def addressed(
        self, campaign: Campaign, composed: Composed, people: Iterable[tuple[int, Contact]], wave: int
    ) -> Iterator[Addressed]:
        """One after the other, as they are asked for."""
        if campaign.redirects and self.policy.public_url:
            yield from self._redirected(campaign, composed, people, wave)
            return
        tokens = Tokens(self.policy.secret, campaign.workspace, campaign.id)
        pages = f"{self.policy.public_url}/u/" if self.policy.public_url else ""
        is_common = campaign.placement is Placement.COLUMN  # for who has no link of their own
        parameter, placement = campaign.link_parameter, campaign.placement
        link = (campaign.link, "") if is_common else links.around(campaign.link, parameter, placement)
        envelopes = self._envelopes(campaign, composed, link, _own_column(campaign))
        for number, contact in people:
            page = pages and pages + tokens.link(number, wave)
            token = "" if is_common else tokens.answer(number)
            yield envelopes.address(contact, number=number, token=token, unsubscribe_url=page)

    def _redirected(
        self, campaign: Campaign, composed: Composed, people: Iterable[tuple[int, Contact]], wave: int
    ) -> Iterator[Addressed]:
        """Their links lead to `/r`, which knows the questionnaire's of the moment, and everybody's own."""
        tokens = Tokens(self.policy.secret, campaign.workspace, campaign.id)
        base = self.policy.public_url
        envelopes = self._envelopes(campaign, composed, (f"{base}/r/", ""))
        for number, contact in people:
            token = tokens.link(number, wave)
            page = f"{base}/u/{token}"
            yield envelopes.address(contact, number=number, token=token, unsubscribe_url=page)

    def _envelopes(
        self, campaign: Campaign, composed: Composed, link: tuple[str, str], own: int | None = None
    ) -> Envelopes:
        mailto = self.policy.unsubscribe_to
        return Envelopes(composed.tags, link=link, seed=campaign.seed, mailto=mailto, personal=own)

    def _test(self, campaign: Campaign, composed: Composed, contact: Contact, to: Member) -> Addressed:
        """It carries no answer token and nobody's own link, so that it is never an answer."""
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


def _own_column(campaign: Campaign) -> int | None:
    """Where among the other columns everybody's own link stands."""
    if campaign.placement is not Placement.COLUMN or campaign.link_column not in campaign.columns:
        return None
    return campaign.columns.index(campaign.link_column)
