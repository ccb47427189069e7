"""Step 1 of a campaign: its questionnaire, how answers come back, and who it is from."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import answers, doctor, fields, links
from bot.core import campaigns as rules
from bot.core import questionnaires as tools
from bot.core.answers import Source
from bot.core.campaigns import Campaign, Step, When
from bot.core.ids import MemberId
from bot.core.letters import Sender
from bot.core.people import Language, Member
from bot.core.questionnaires import PREFILLED_WORD, Placement, Tool
from bot.core.sentences import Refusal
from bot.services.deputies import checked, say_removed
from bot.services.personal_links import personal_links
from bot.services.proofs import Proofs
from bot.services.senders import Senders


@dataclass(frozen=True, kw_only=True)
class Parameters(Proofs):
    senders: Senders

    def set_parameters(
        self, member: Member, campaign_id: str, expected: int, *, name: str, link: str,
        link_parameter: str, sender_name: str, reply_to: str, language: Language, reason: str,
        own_reason: bool = False, sender_address: str = "", placement: Placement | None = None,
        link_column: str = "", closing_at: datetime | None = None, deputy: MemberId | None = None,
        answers_by: Source | None = None, then: Step = Step.RECIPIENTS,
    ) -> Campaign:  # fmt: skip
        """Raises Refusal with the field to blame. `own_reason`: in the person's own words, which the list
        keeps for its next campaign. `sender_address` empty: as it was; `placement` and `answers_by` None:
        what suits the link best."""
        draft = self.draft(member, campaign_id, expected)
        link = links.check_link(link)
        tool = doctor.require_public(link).tool
        placed = self._placement(placement, tool, link)
        if placed is Placement.COLUMN:
            self.require_personal_links(member, draft, link_column)
        changed = self._save(
            draft, step=then, name=rules.check_name(name), link=link, placement=placed,
            link_column=link_column if placed is Placement.COLUMN else "",
            link_parameter=links.check_parameter(link_parameter or "postillon"),
            closing_at=self._closing(draft, closing_at, then), language=language,
            sender=self._sender(draft, sender_address, sender_name),
            reply_to=_reply_to(reply_to, draft.reply_to), reason=fields.one_line(reason),
            deputy=self._deputy(member, draft, deputy),
            answers_by=self._answers_by(answers_by, tool, placed).value,
        )  # fmt: skip
        self.people.remember_parameters(member, changed.link, changed.sender)
        say_removed(self.telling, draft, changed)
        if own_reason and changed.list_id:
            self.lists.explain(member, changed.list_id, changed.reason)
        return changed

    def _placement(self, chosen: Placement | None, tool: Tool, link: str) -> Placement:
        if chosen is Placement.PREFILLED and PREFILLED_WORD not in link:
            raise Refusal("questionnaires.placement.no_word", field="placement", word=PREFILLED_WORD)
        return chosen or tools.preset(tool, link)

    def _answers_by(self, chosen: Source | None, tool: Tool, placed: Placement) -> Source:
        has_webhook = bool(self.policy.answers_address)
        if chosen is None or chosen not in answers.offered(has_webhook=has_webhook):
            return answers.guess(tool, placed, has_webhook=has_webhook)
        return chosen

    def require_personal_links(self, member: Member, draft: Campaign, column: str) -> None:
        """Somebody at least has one in that column; the others get the campaign's."""
        if not column:
            raise Refusal("questionnaires.column.empty", field="link_column")
        found = personal_links(self.audiences, member, draft, column)
        if found.without == found.people:
            raise Refusal("questionnaires.column.none", field="link_column", column=column[:80])

    def _deputy(self, member: Member, draft: Campaign, chosen: MemberId | None) -> MemberId | None:
        return chosen if chosen == draft.deputy else checked(self.people, member, chosen)

    def _closing(self, draft: Campaign, closing_at: datetime | None, then: Step) -> datetime | None:
        """Against the departure once that was chosen: until then it is a proposal."""
        departs_at = draft.send_at if then is Step.CHECK and draft.when is When.LATER else None
        return tools.check_closing(closing_at, self.clock.now(), departs_at)

    def _sender(self, draft: Campaign, address: str, name: str) -> Sender:
        address = self.senders.checked(address, draft.sender)
        return Sender(address=address, name=fields.one_line(name) or self.policy.mail_from.name)

    def first_sender(self, member: Member) -> Sender:
        """The last one used, while the account is not known to refuse it; else the settings'."""
        usual = self.policy.mail_from
        name = member.last_sender_name or usual.name
        try:
            return Sender(address=self.senders.checked(member.last_sender_address, usual), name=name)
        except Refusal:
            return replace(usual, name=name)

    def _save(self, campaign: Campaign, **changes: object) -> Campaign:
        changed = rules.edit(campaign, changed_at=self.clock.now(), **changes)
        self.store.campaigns.save(campaign.workspace, changed, campaign.revision)
        return changed


def _reply_to(text: str, known: Sender | None) -> Sender | None:
    """The address typed; the name it had is kept while the address stays. Blank: answers go to the sender."""
    typed = fields.one_line(text)
    if not typed:
        return None
    if known and typed in (known.address, str(known)):
        return known
    try:
        return Sender.parse(typed)
    except ValueError:
        raise Refusal("campaigns.reply_to.bad", field="reply_to", address=typed[:80]) from None
