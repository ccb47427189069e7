"""Do a campaign's record, its ledger and its people still belong together? Asked before anything of it is
promised, since an older file may have taken the place of one of them."""

from contextlib import suppress
from datetime import datetime

from bot import ports
from bot.core import campaigns as rules
from bot.core import planning, restored
from bot.core.campaigns import Campaign, State
from bot.core.sentences import Sentence, sentence


class Apart(ports.Unreadable):
    """Each file reads, and they do not tell the same story."""

    def __init__(self, said: Sentence) -> None:
        super().__init__(f"{said.key} {dict(said.values)}")
        self.sentence = said


def is_unopened(store: ports.Store, campaign: Campaign) -> bool:
    """Of its reminder that is on its way, nothing has left."""
    read = store.ledgers.read
    return read(campaign.workspace, campaign.id, lambda fold: restored.is_unopened(campaign, fold))


def require(store: ports.Store, campaign: Campaign) -> None:
    """Raises Unreadable where nothing may leave before somebody has mended it."""
    read = store.ledgers.read
    if read(campaign.workspace, campaign.id, lambda fold: restored.is_behind(campaign, fold)):
        raise behind(campaign)


def behind(campaign: Campaign) -> Apart:
    return Apart(sentence("storage.behind", name=campaign.name))


def look(store: ports.Store, campaign: Campaign) -> None:
    """Before a reminder is promised. Raises Unreadable where it could not leave."""
    require(store, campaign)
    last = [campaign.audience_size - 1]
    with suppress(ports.Missing):
        if list(store.campaigns.recipients(campaign.workspace, campaign, last)):
            return
    raise Apart(sentence("storage.people", name=campaign.name))


def put_right(store: ports.Store, campaign: Campaign, now: datetime) -> Campaign:
    """At start: what is a copy says so from now on, and a record knows every wave its ledger has."""
    if campaign.state not in restored.CONCERNED:
        return campaign
    known = restored.marked(campaign, now) if store.is_copy else campaign
    if campaign.departed_at is not None:
        opened = store.ledgers.read(
            campaign.workspace, campaign.id, lambda fold: [wave.opened_at for wave in fold.waves]
        )
        known = restored.caught_up(known, opened)
    if known == campaign:
        return campaign
    changed = known if known.revision > campaign.revision else rules.edit(known)
    store.campaigns.save(campaign.workspace, changed, campaign.revision)
    return changed


def may_leave(campaign: Campaign, now: datetime) -> bool:
    """By itself, or by the next click on a question."""
    if campaign.state is State.SENT:
        return bool(planning.ahead(campaign, now))
    return campaign.state in rules.RUNNING
