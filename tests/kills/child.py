"""The process that is killed.

`python -m tests.kills.child` imports the bot once and then forks a life for each job it is told: a start
costs some milliseconds instead of a second. A life has the memory of nobody before it, since no module of the
bot keeps any state. What a life says is one line on standard output, once it is true.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import orjson

from bot import ports
from bot.core import strain
from bot.core.campaigns import Campaign, State, When
from bot.core.facts import Events, Happened
from bot.core.ids import CampaignId, WorkspaceId
from bot.mail import SignedEvents
from bot.ports import RemoteFile
from bot.services import Services
from bot.web import serve_web, web_application
from handlers.edge import Edge
from storage import open_store
from tests.kills.wiring import HOME, OWNER, House, owner, policy

Job = dict[str, str]
OVER = {State.SENT, State.STOPPED, State.CANCELLED, State.FAILED, State.DRAFT}


def say(*words: object) -> None:
    """One write: lines of two processes never mix."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main() -> None:
    for line in iter(sys.stdin.buffer.readline, b""):
        job = orjson.loads(line)
        life = LIVES[job.pop("life")]
        pid = os.fork()
        if pid == 0:
            _live(life, job)
        os.waitpid(pid, 0)
        say("buried", pid)


def _live(life: Callable[[Job], Awaitable[None]], job: Job) -> None:
    """Never returns: what stands above belongs to the parent."""
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        say("born", os.getpid())
        asyncio.run(life(job))  # type: ignore[arg-type]
        os._exit(0)
    except BaseException as error:
        say("defect", repr(error))
        sys.excepthook(type(error), error, error.__traceback__)
        os._exit(1)


async def _for_ever() -> None:
    await asyncio.Event().wait()


# --- lives --------------------------------------------------------------------------------------------


async def deliver(job: Job) -> None:
    """Sends whatever is due. `idle`: every campaign came to its end."""

    def sweep(services: Services, now: datetime) -> None:
        services.delivery.sweep(now)
        services.campaigns.telling.retry()
        store = services.delivery.store
        left = [one for one in store.campaigns.all(HOME) if one.state not in OVER]
        for one in left:
            _insist(services, one)
        if not left and not list(store.campaigns.due(now)):  # another sweep may be about to begin a reminder
            say("idle")

    strain.WAITS = (timedelta(seconds=0.2),) * len(strain.WAITS)  # a service this bad is waited for all day
    house = House.on(Path(job["folder"]), job["url"], sweep)
    say("up")
    house.wakes.start()
    await _for_ever()


def _insist(services: Services, campaign: Campaign) -> None:
    """Nothing may be held, since nobody was away; a pause for too many failures is the owner's to end."""
    if campaign.state is State.HELD:
        say("held", campaign.id)
    elif campaign.state is State.PAUSED:
        services.campaigns.resume(owner(), campaign.id)
        say("resumed", campaign.id)


async def prepare(job: Job) -> None:
    """Schedules one campaign after the other from the list `job["list"]`."""
    house = House.on(Path(job["folder"]), "http://127.0.0.1:9", lambda *_: None)
    campaigns, anna = house.services.campaigns, owner()
    say("up")
    for _ in count():
        draft = campaigns.start(anna, job["list"])
        draft = campaigns.set_parameters(
            anna, draft.id, draft.revision, name="Satisfaction", link="https://forms.example/s/1",
            link_parameter="postillon", sender_name="", reply_to="", language=draft.language, reason="",
        )  # fmt: skip
        draft = campaigns.set_message(
            anna, draft.id, draft.revision, subject="Votre avis", preheader="", body="Bonjour {{prénom}}"
        )
        draft = campaigns.set_when(anna, draft.id, draft.revision, When.NOW, None)
        scheduled = campaigns.schedule(anna, draft.id, draft.revision)
        say("scheduled", scheduled.id, scheduled.audience_size)


class Shelf:
    """A FileSource: a file's name says how many people are in it, its id who they are."""

    def fetch(self, workspace: WorkspaceId, file: RemoteFile, to: Path, limit: int) -> RemoteFile:
        people = range(int(file.name.split("-")[0]))
        rows = [f"{file.id.lower()}.p{n}@example.com;P{n};Leroy" for n in people]
        content = "\r\n".join(["Email;Prénom;Nom", *rows]).encode()
        to.write_bytes(content)
        return replace(file, size=len(content))


async def bring(job: Job) -> None:
    """Takes up what waits, then receives and imports files that nobody saw before; with `job["last"]` only
    the former."""
    house = House.on(Path(job["folder"]), "http://127.0.0.1:9", lambda *_: None)
    imports = house.services.imports
    imports = replace(imports, files=replace(imports.files, source=Shelf()))
    say("up")
    imports.resume()
    say("resumed")
    for n in count():
        if "last" in job:
            break
        file = RemoteFile(id=f"F{job['seed']}N{n}", name=f"{job['people']}-clients.csv")
        pending = imports.waiting(HOME, OWNER, file, channel="D1")
        imports.receive(HOME, f"Ev{file.id}", [pending])
        say("received", file.id)
        kept = imports.run(pending)
        assert kept is not None, house.store.inbox.pending()
        say("kept", file.id, kept.id)
    await _for_ever()


async def listen(job: Job) -> None:
    """The unsubscribe page, on a port of its own."""
    house = House.on(Path(job["folder"]), "http://127.0.0.1:9", lambda *_: None)
    edge = Edge(
        services=house.services, policy=policy(house.store), clicks=house.pools.clicks, work=house.pools.work
    )
    application = web_application(slack=None, tracking=house.services.tracking, run=edge.run)
    server = await serve_web(application, "127.0.0.1", 0)
    say("listening", server.port)
    await _for_ever()


async def hear(job: Job) -> None:
    """The mail service's door, on a port of its own; its posts are signed with the pair of `job["key"]`."""
    house = House.on(Path(job["folder"]), "http://127.0.0.1:9", lambda *_: None)
    reception = house.services.reception
    reception.mail_events = SignedEvents(job["key"])
    edge = Edge(
        services=house.services, policy=policy(house.store), clicks=house.pools.clicks, work=house.pools.work
    )
    application = web_application(
        slack=None, tracking=house.services.tracking, run=edge.run, events=reception
    )
    server = await serve_web(application, "127.0.0.1", 0)
    say("listening", server.port)
    await _for_ever()


async def record(job: Job) -> None:
    """Events of `job["campaign"]`, ten at a time as a mail service tells them, by four threads."""
    store = open_store(f"tinydb:{job['folder']}")
    campaign, first = CampaignId(job["campaign"]), int(job["first"])
    numbers = count()
    say("up")
    threads = [
        threading.Thread(target=_record, args=(store, campaign, first, numbers), daemon=True)
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    await _for_ever()


def _record(store: ports.Store, campaign: CampaignId, first: int, numbers: "count[int]") -> None:
    """Each round: ten people, one kind of event; said once it is kept."""
    kinds = list(Happened)
    for n in numbers:
        bit = kinds[n % len(kinds)]
        people = [first + n * 10 + place for place in range(10)]
        at = int(datetime.now(UTC).timestamp())
        told = Events(wave=0, items=tuple((number, int(bit), at) for number in people))
        if not store.ledgers.append(HOME, campaign, told):
            return  # beyond the audience: everything was told
        say("recorded", people[0], int(bit))


LIVES: dict[str, Callable[[Job], Awaitable[None]]] = {
    "deliver": deliver, "prepare": prepare, "bring": bring, "listen": listen, "hear": hear,
    "record": record,
}  # fmt: skip

if __name__ == "__main__":
    main()
