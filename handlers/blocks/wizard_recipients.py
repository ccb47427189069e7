"""Step 2: which lists, who of them, and who of these is left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.campaigns import Step
from bot.core.choosing import Reach, is_settled
from bot.core.lists import ContactList, may_manage
from bot.core.rolls import Named, Offer
from bot.core.selection import LISTS as LISTS_AT_MOST
from bot.core.selection import Kind
from bot.texts import Say
from handlers.blocks import kit
from handlers.blocks.recipients import counted
from handlers.blocks.recipients import equation as equation
from handlers.blocks.wizard import Shown, buttons, frame, onward
from handlers.blocks.wizard_choices import choices, external, externals, several

LIST, LISTS, ONLY, AUDIENCE, RECENT = "list", "lists", "only", "audience", "recent"
CHOOSE, ADD, NARROW = "campaigns.list", "campaigns.lists", "campaigns.only"
KIND, KEEP = "campaigns.audience", "campaigns.recent"
SPARE = "spare"  # the ticked box: those written to lately get no letter
OFFERED = 100  # Slack's limit of options
OPEN = (Kind.ALL, Kind.PILOT)  # what can be chosen of a list without seeing who is in it


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What step 2 shows beside the draft. `chosen`: its list, `others` and `only` those beside it, as far as
    they are there. `reach`: None while it is being counted, or cannot be."""

    lists: Sequence[ContactList] = ()
    chosen: ContactList | None = None
    others: Sequence[ContactList] = ()
    only: ContactList | None = None
    offer: Offer = field(default_factory=Offer)
    picked: Sequence[Named] = ()
    reach: Reach | None = None
    days: int = 0  # nobody hears from two campaigns within so many

    @property
    def kinds(self) -> Sequence[Kind]:
        if not self.offer.is_open:
            return OPEN
        filters = bool(self.offer.fields or self.offer.titles)
        return [kind for kind in Kind if kind is not Kind.FILTER or filters]


def recipients(shown: Shown, choice: Choice) -> kit.View:
    say = shown.say
    if not choice.lists:
        empty = [kit.section(say("campaigns.no_list")), buttons(shown)]
        return frame(shown, Step.RECIPIENTS, empty)
    more = bool(choice.chosen) and len(choice.lists) > 1
    blocks = [_list(shown, choice)]
    if choice.chosen:
        if more and (shown.options or choice.others or choice.only):
            blocks += [_others(shown, choice), *_only(shown, choice)]
            more = False
        blocks += [_audience(shown, choice), *_count(shown, choice)]  # in sight whatever stands below
        if choice.offer.is_open or shown.draft.selection.kind in OPEN:
            blocks += choices(shown, choice.offer, choice.picked)
        blocks += [*_recent(shown, choice), kit.context(_about(shown, choice))]
    blocks.append(buttons(shown, more=more))
    return frame(shown, Step.RECIPIENTS, blocks, submit=onward(shown))


def _list(shown: Shown, choice: Choice) -> kit.Block:
    say = shown.say
    initial = offered(say, choice.chosen) if choice.chosen else None
    if len(choice.lists) <= OFFERED:
        element = kit.select(CHOOSE, [offered(say, one) for one in choice.lists], initial)
    else:
        element = external(CHOOSE, initial, say("recipients.list.choose"))
    return kit.labelled(LIST, say("campaigns.recipients.list"), element, dispatch=True)


def offered(say: Say, contact_list: ContactList) -> kit.Block:
    count = say("words.contacts", n=contact_list.count)
    return kit.option(f"{kit.cut(contact_list.title, 72 - len(count))} · {count}", contact_list.id)


def _others(shown: Shown, choice: Choice) -> kit.Block:
    label, hint = shown.say("recipients.lists"), shown.say("recipients.lists.hint")
    element = _lists(shown.say, ADD, choice.lists, choice.others, LISTS_AT_MOST - 1)
    return kit.labelled(LISTS, label, element, hint=hint, optional=True, dispatch=True)


def _only(shown: Shown, choice: Choice) -> list[kit.Block]:
    """A choice of several, of which one can be made: Slack lets it be taken back. Lists that are lent are not
    offered: what is left of a choice would tell who is in them."""
    label, hint = shown.say("recipients.only"), shown.say("recipients.only.hint")
    chosen = [choice.only] if choice.only else []
    ours = [one for one in choice.lists if may_manage(shown.member, one) or one in chosen]
    if not ours:
        return []
    element = _lists(shown.say, NARROW, ours, chosen, 1)
    return [kit.labelled(ONLY, label, element, hint=hint, optional=True, dispatch=True)]


def _lists(
    say: Say, action_id: str, lists: Sequence[ContactList], chosen: Sequence[ContactList], most: int
) -> kit.Block:
    initial = [offered(say, one) for one in chosen]
    placeholder = say("recipients.list.choose")
    if len(lists) > OFFERED:
        return externals(action_id, initial, placeholder, most=most)
    options = [offered(say, one) for one in lists]
    return several(action_id, options, initial, placeholder, most=most)


def _audience(shown: Shown, choice: Choice) -> kit.Block:
    say = shown.say
    options = {kind: kit.option(say(f"recipients.kind.{kind.value}"), kind.value) for kind in choice.kinds}
    element: kit.Block = {"type": "radio_buttons", "action_id": KIND, "options": list(options.values())}
    if initial := options.get(shown.draft.selection.kind):
        element["initial_option"] = initial
    return kit.labelled(AUDIENCE, say("recipients.audience"), element, dispatch=True)


def _recent(shown: Shown, choice: Choice) -> list[kit.Block]:
    """A box that is ticked: shown where it changes anything, or did."""
    say, keeps = shown.say, shown.draft.selection.keeps_recent
    recent, planned = (choice.reach.recent, choice.reach.planned) if choice.reach else (0, 0)
    count = recent + planned
    if not choice.days or not (count or keeps):
        return []
    box = kit.option(say("recipients.recent"), SPARE)
    element: kit.Block = {"type": "checkboxes", "action_id": KEEP, "options": [box]}
    element |= {} if keeps else {"initial_options": [box]}
    # what changes stands in the label: Slack keeps a ticked option as it was
    when = "recent" if not planned else "both" if recent else "planned"
    label, hint = say(f"recipients.{when}.label", n=count, days=choice.days), say("recipients.recent.hint")
    return [kit.labelled(RECENT, label, element, hint=hint, optional=True, dispatch=True)]


def _count(shown: Shown, choice: Choice) -> list[kit.Block]:
    kind = shown.draft.selection.kind
    if kind in (Kind.FILTER, Kind.PICK) and not is_settled(shown.draft.selection):
        words = [shown.say(f"recipients.unsettled.{kind.value}")]
    elif choice.reach is None:
        words = [] if shown.told else [shown.say("recipients.counting")]
    else:
        words = counted(shown.say, choice.reach, shown.draft.selection)
    return [kit.section("\n".join(words), block_id="reach")] if words else []


def _about(shown: Shown, choice: Choice) -> str:
    """Who is never written to; and what is not shown of a list that is somebody else's."""
    say = shown.say
    words = [say("recipients.always")]
    if not choice.offer.is_open:
        words.append(say("recipients.closed.about"))
    return " ".join(words)
