"""What the campaign dialog's five steps have in common: one root view, updated in place.

Its metadata is `id:revision` of the draft; the argument `check` says that the person came from the last
check and goes back there. An input's block_id is its field's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.campaigns import Campaign, Step
from bot.core.letters import Sender
from bot.core.people import Language, Member
from bot.texts import Say
from handlers.blocks import kit

STEPS = tuple(Step)
CALLBACKS = {step: f"campaigns.{step.value}" for step in STEPS}
BACK, MORE, EDIT, REUSE = "campaigns.back", "campaigns.options", "campaigns.edit", "campaigns.reuse"
VALUE = "value"  # the action_id of the inputs: what tells them apart is their block_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How a step is shown. `hub`: from the check, and back to it. `options`: with the optional fields.
    `told`: a sentence on top, at its `level`."""

    say: Say
    member: Member
    draft: Campaign
    hub: bool = False
    options: bool = False
    told: str = ""
    level: str = "warning"

    @property
    def target(self) -> kit.Target:
        """What the dialog and its buttons act on."""
        argument = Step.CHECK.value if self.hub else ""
        return kit.Target(id=self.draft.id, revision=self.draft.revision, argument=argument)


def frame(shown: Shown, step: Step, blocks: Sequence[kit.Block], *, submit: str = "") -> kit.View:
    """One step's dialog around its fields; without `submit`, nothing can be sent from it."""
    say = shown.say
    told = [kit.alert(shown.told, shown.level) | {"block_id": "alert"}] if shown.told else []
    where = kit.context(say.mrkdwn("campaigns.step", step=STEPS.index(step) + 1, name=shown.draft.name))
    title = say(f"campaigns.title.{step.value}")
    return kit.modal(
        CALLBACKS[step], title, [*told, where, *blocks], metadata=str(shown.target), submit=submit,
        close=say("campaigns.close"), notify_on_close=True,
    )  # fmt: skip


def onward(shown: Shown) -> str:
    """The submit button of a step that is not the last. A copy without its link was at no check yet."""
    return shown.say("campaigns.save" if shown.hub and shown.draft.link else "campaigns.next")


def buttons(
    shown: Shown, *, back: bool = True, more: bool = False, others: Sequence[kit.Block] = ()
) -> kit.Block:
    """The row under the fields."""
    row = list(others)
    if back:
        row.append(kit.button(shown.say("campaigns.back"), BACK, shown.target))
    if more and not shown.options:
        row.append(kit.button(shown.say("campaigns.more"), MORE, shown.target))
    return kit.actions(row, "steps")


def template(language: Language) -> tuple[str, str]:
    """Subject and body as we ship them."""
    say = Say(language)
    return say("templates.invitation.subject"), say("templates.invitation.body")


def first_words(member: Member, language: Language) -> tuple[str, str]:
    """Subject and body to start from: this person's last ones in this language, else the template's."""
    subject, body = template(language)
    last_subject = dict(member.last_subjects).get(language.value)
    return last_subject or subject, dict(member.last_bodies).get(language.value) or body


def first_reason(sender: Sender, language: Language) -> str:
    """Why somebody receives the letter, until the person says it better."""
    return Say(language)("templates.reason", sender=sender.name or sender.address)


def is_first_reason(reason: str, sender: Sender) -> bool:
    return not reason or any(reason == first_reason(sender, language) for language in Language)
