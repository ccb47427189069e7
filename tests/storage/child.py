"""Another process on the same storage: it says what was done, once it was done, one line each.

`busy` tries to open. `work SEED` does a bit of everything in an endless round until it is killed; `done` is
what its parent may count on. `replace` makes files and takes them away again, as long as it may. `full FILE
LIMIT` lets no file grow beyond LIMIT bytes.
"""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import bot.ports
import storage
from bot.core.campaigns import State, edit, move
from bot.core.facts import Accepted, Claimed, Returned, WaveOpened
from bot.core.ids import ListId, MemberId
from bot.core.lists import delete
from bot.core.versions import renewed, reverted
from bot.ports import Store
from tests.storage.records import (
    HOME,
    contact_list,
    draft,
    dropped,
    from_file,
    later,
    member,
    people,
    staged,
    suppression,
)

ROOT = Path(storage.__file__).parent.parent
SIZE = 3_000


def run_child(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.child", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, bufsize=1)


def say(done: str) -> None:
    sys.stdout.write(done + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> None:
    match words:
        case ["busy", url]:
            try:
                storage.open_store(url)
            except storage.Busy:
                say("busy")
        case ["work", url, seed]:
            for done in work(storage.open_store(url), seed):
                say(done)
        case ["replace", url]:
            for done in replacing(storage.open_store(url)):
                say(done)
        case ["full", url, limit]:
            fill(storage.open_store(url), int(limit))


def work(store: Store, seed: str) -> Iterator[str]:
    yield "ready"
    for n in count():
        name = f"{seed}-{n}"
        store.suppressions.add(HOME, suppression(f"{name}@example.com"))
        yield f"suppressed {name}@example.com"
        store.inbox.receive(HOME, f"Ev{name}", later(), [dropped(f"F{name}")])
        yield f"received {name}"
        kept = from_file(contact_list(ListId(f"lst_{name}")), f"F{name}")
        store.lists.add(HOME, kept, staged(store, people(kept.count)))
        yield f"listed {name}"
        yield from renew(store, name)
        yield from deliver(store, name)
        meet(store, MemberId(f"U{name}"))
        yield f"met {name}"


def renew(store: Store, name: str) -> Iterator[str]:
    """A version more, and back to the first."""
    kept = store.lists.get(HOME, ListId(f"lst_{name}"))
    fresh = renewed(kept, contact_list(count=5).report, later())
    fresh = store.lists.renew(HOME, fresh, kept.revision, staged(store, people(5)))
    yield f"renewed {name}"
    store.lists.save(HOME, reverted(fresh, later()), fresh.revision)
    yield f"reverted {name}"


def meet(store: Store, name: MemberId) -> None:
    store.people.change(HOME, name, lambda _: member(name))


def deliver(store: Store, name: str) -> Iterator[str]:
    campaign = draft(f"cmp_{name}")
    store.campaigns.add(HOME, campaign)
    audience = store.campaigns.fix_audience(HOME, campaign.id, people(SIZE))
    scheduled = move(campaign, State.SCHEDULED, audience=audience, audience_size=SIZE)
    store.campaigns.advance(HOME, scheduled, 1, wake_at=later(hours=1))
    yield f"scheduled {name}"
    store.ledgers.append(HOME, campaign.id, WaveOpened(wave=0, at=later(), audience_size=SIZE))
    for batch in range(3):
        assert store.ledgers.append(HOME, campaign.id, Claimed(wave=0, batch=batch, at=later()))
        yield f"claimed {name} {batch}"
        assert store.ledgers.append(HOME, campaign.id, Accepted(wave=0, batch=batch, at=later()))
        yield f"accepted {name} {batch}"
    store.campaigns.advance(HOME, edit(scheduled), 2, wake_at=None)
    yield f"advanced {name}"


def replacing(store: Store) -> Iterator[str]:
    """Lists come and go, one campaign's audience is fixed again, another's ledger grows."""
    store.secret("tokens")
    fixed, sent = draft("cmp_fixed"), draft("cmp_sent")
    for campaign in (fixed, sent):
        store.campaigns.add(HOME, campaign)
    left = replace(edit(sent), state=State.SENDING, departed_at=later(), audience_size=SIZE)
    store.campaigns.advance(HOME, left, sent.revision, wake_at=None)
    store.ledgers.append(HOME, sent.id, WaveOpened(wave=0, at=later(), audience_size=SIZE))
    for n in count():
        yield f"round {n}"
        at = later(seconds=n)
        store.ledgers.append(HOME, sent.id, Claimed(wave=0, batch=0, at=at))
        store.ledgers.append(HOME, sent.id, Returned(wave=0, batch=0, at=at, until=at, why="busy"))
        kept = contact_list(ListId(f"lst_{n}"))
        store.lists.add(HOME, kept, staged(store, people(kept.count)))
        name = store.campaigns.fix_audience(HOME, fixed.id, people(20))
        again = edit(fixed, audience=name, audience_size=20)
        store.campaigns.advance(HOME, again, fixed.revision, wake_at=None)
        fixed = again
        store.suppressions.add(HOME, suppression(f"p{n}@example.com"))
        store.lists.save(HOME, delete(kept, at), kept.revision)
        store.lists.purge(HOME, later(days=1))


def fill(store: Store, limit: int) -> None:
    """From here on no file may be longer than `limit`: every port method must refuse, or have done it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for n in count():
        campaign = replace(draft(f"cmp_{n}"), body="x" * 500)
        try:
            store.campaigns.add(HOME, campaign)
        except bot.ports.Unwritable:
            assert len(store.campaigns.all(HOME)) == n
            break
        say(f"added cmp_{n}")
    for n in count():
        try:
            store.suppressions.add(HOME, suppression(f"person{n}@example.com"))
        except bot.ports.Unwritable:
            assert len(store.suppressions.all(HOME)) == n
            break
        say(f"suppressed person{n}@example.com")
    say("full")


if __name__ == "__main__":
    main(sys.argv[1:])
