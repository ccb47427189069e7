"""How quickly letters leave, side by side with what could be quickest: `python -m tests.benchmarks.delivery`.

Ours is everything from the departure of a scheduled campaign to its end: who is suppressed, every letter's
fields, tokens and headers, each batch claimed on the disk before it leaves and noted after. The floor posts
the same bodies, built before, over as many kept connections. The `sendgrid` client is used as its README
shows it, on the same people. All of them talk to one sink over TLS on loopback,
in a process of its own. Rounds are interleaved, so that a busy moment of the machine falls on all of them;
medians are shown, of the clock and of this process's processor time.

`--million` compares a million people with a hundred thousand, each in a process of its own; then once more
beside three campaigns of as many before, of which two were to others of this week and to a tenth of these.
`--beside` does that alone.
"""

import argparse
import http.client
import json
import logging
import os
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import (
    Category,
    Content,
    CustomArg,
    Header,
    Mail,
    Personalization,
    ReplyTo,
    Substitution,
    To,
)

from bot.core.campaigns import State
from bot.core.ids import CampaignId
from bot.services.delivery import AT_ONCE
from tests.benchmarks.mailroom import SUPPRESSED, WORK, Mailroom, Stopwatch, Took, highest, somebody
from tests.benchmarks.reading import verdict
from tests.benchmarks.sink import Sink, open_sink

ANSWER = 0.1  # seconds the slow sink takes
SIZES = {100_000: 80, 1_000_000: 250}  # people: megabytes a process may grow by
SLOW, QUICK = f"{ANSWER * 1e3:.0f} ms", "0 ms"


def post_all(url: str, bodies: Iterable[bytes]) -> None:
    """The floor: nothing but the bytes."""
    left, lock = iter(bodies), threading.Lock()
    address = urlsplit(url)

    def post() -> None:
        assert address.hostname
        line = http.client.HTTPSConnection(
            address.hostname, address.port, context=ssl.create_default_context()
        )
        while True:
            with lock:
                body = next(left, None)
            if body is None:
                return line.close()
            line.request("POST", "/v3/mail/send", body, {"Content-Type": "application/json"})
            with line.getresponse() as answer:
                assert answer.status == 202
                answer.read()

    threads = [threading.Thread(target=post) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def readme(url: str, room: Mailroom, campaign: CampaignId) -> Callable[[], None]:
    """The library as its README shows it, a request after the other; what it puts into each letter (fields,
    tokens, headers) is made from the same audience by our own code as it goes. It writes nothing down."""
    fixed = room.store.campaigns.get(WORK, campaign)

    def send() -> None:
        for letter, composed, people in room.addressed(fixed):
            message = Mail(from_email=(letter.sender.address, letter.sender.name), subject=composed.subject)
            message.reply_to = ReplyTo(letter.sender.address)
            message.content = [Content("text/plain", composed.text), Content("text/html", composed.html)]
            message.category = Category("postillon")
            for person in people:
                each = Personalization()
                each.add_to(To(person.email, person.name))
                for tag, value in person.substitutions.items():
                    each.add_substitution(Substitution(tag, value))
                for name, value in person.headers.items():
                    each.add_header(Header(name, value))
                each.add_custom_arg(CustomArg("postillon_recipient", str(person.number)))
                message.add_personalization(each)
            answer = SendGridAPIClient("SG.benchmark", host=url).send(message)
            assert answer.status_code == 202

    return send


def measured(sink: Sink, letters: int, work: Callable[[], object]) -> Took:
    """Every letter must have reached the sink."""
    sink.told()
    watch = Stopwatch()
    work()
    took = watch.took()
    arrived = sink.told()["letters"]
    assert arrived == letters, f"{arrived} letters arrived, not {letters}"
    return took


class Table:
    """What each contender took, round after round."""

    def __init__(self) -> None:
        self._rounds: dict[str, list[Took]] = {}

    def add(self, name: str, took: Took) -> None:
        self._rounds.setdefault(name, []).append(took)

    def clock(self, name: str) -> float:
        return median(took.clock for took in self._rounds[name])

    def processor(self, name: str) -> float:
        return median(took.processor for took in self._rounds[name])

    def show(self, letters: int) -> None:
        print(f"  {'':<34}{'seconds':>9}{'letters/s':>11}{'processor':>11}{'a 1,000':>11}")
        for name in self._rounds:
            clock, processor = self.clock(name), self.processor(name)
            print(
                f"  {name:<34}{clock:9.2f}{letters / clock:11,.0f}{processor:9.2f} s"
                f"{processor / letters * 1e6:8.1f} ms"
            )


def side_by_side(folder: Path, sink: Sink, people: int, rounds: int) -> None:
    slow, quick = sink.urls
    letters = people - len(range(0, people, SUPPRESSED))
    rooms = {url: Mailroom(folder / f"room{number}", url) for number, url in enumerate(sink.urls)}
    lists = {url: room.keep_list(people) for url, room in rooms.items()}
    model = rooms[slow].schedule(rooms[slow].draft(lists[slow]))
    bodies = rooms[slow].bodies(model)
    library = readme(quick, rooms[slow], model.id)
    rooms[slow].sends(model)
    table = Table()
    for _ in range(rounds):
        for url, name in ((slow, f"ours, {SLOW}"), (quick, f"ours, {QUICK}")):
            room = rooms[url]
            draft = room.draft(lists[url])
            watch = Stopwatch()
            scheduled = room.schedule(draft)
            table.add("prepared", watch.took())
            table.add(name, measured(sink, letters, lambda room=room, one=scheduled: room.sends(one)))
        table.add(f"floor, {SLOW}", measured(sink, letters, lambda: post_all(slow, bodies)))
        table.add(f"floor, {QUICK}", measured(sink, letters, lambda: post_all(quick, bodies)))
        table.add(f"sendgrid's README, {QUICK}", measured(sink, letters, library))
    print(f"\n{people:,} people, {letters:,} letters of {len(bodies[0]) // 1_000} bytes, {rounds} rounds")
    table.show(letters)
    times = table.clock(f"ours, {SLOW}") / table.clock(f"floor, {SLOW}")
    verdict(f"ours / floor, {SLOW}", times, 1.25, most=True)
    times = table.clock(f"sendgrid's README, {QUICK}") / table.clock(f"ours, {QUICK}")
    verdict(f"sendgrid's README / ours, {QUICK}", times, 3, most=False)
    under("prepared and on the disk", table.clock("prepared"), 1.5, "s")
    for room in rooms.values():
        room.close()


def by_size(sink: Sink, rounds: int) -> None:
    """A million people beside a hundred thousand, each in a process of its own that sent a few before."""
    quick = sink.urls[1]
    seen: dict[int, list[dict[str, float]]] = {size: [] for size in SIZES}
    for _ in range(rounds):
        for size in SIZES:
            seen[size].append(told("--alone", str(size), "--url", quick))
    print(f"\n{'':<14}{'prepared':>10}{'sent':>10}{'a person':>13}{'grown by':>12}   {rounds} rounds, 0 ms")
    for size, rows in seen.items():
        prepared, sent, grown = (median(row[name] for row in rows) for name in ("prepared", "sent", "grown"))
        print(f"  {size:>12,}{prepared:8.2f} s{sent:8.2f} s{sent / size * 1e6:10.2f} us{grown:9.0f} MB")
    each = {size: median(row["sent"] for row in rows) / size for size, rows in seen.items()}
    verdict("a person of a million / of a hundred thousand", each[1_000_000] / each[100_000], 1.2, most=True)
    for size, room in SIZES.items():
        grown = median(row["grown"] for row in seen[size])
        under(f"{size:,} people: the process grows by", grown, room, "MB")
    with tempfile.TemporaryDirectory() as folder:
        told("--half", "1000000", "--url", quick, "--folder", folder)
        seconds = told("--start", folder, "--url", quick)["seconds"]
    under("start-up with an unfinished million", seconds, 5, "s")
    beside_others(quick)


def beside_others(url: str) -> None:
    """In a process that finds them in its folder, and counts out whom they wrote to this week."""
    for size, room in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            told("--before", str(size), "--url", url, "--folder", folder)
            row = told("--alone", str(size), "--url", url, "--folder", folder)
            times = f"{row['prepared']:8.2f} s{row['sent']:8.2f} s"
            print(f"  {size:>12,}{times}   {row['letters']:,.0f} letters, beside three such campaigns")
            under(f"{size:,} people: the process grows by", row["grown"], room, "MB")


def told(*arguments: str) -> dict[str, float]:
    """By this program in another process."""
    command = [sys.executable, "-m", "tests.benchmarks.delivery", *arguments]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout  # our own words
    known: dict[str, float] = json.loads(said)
    return known


def alone(people: int, url: str, folder: Path | None) -> dict[str, float]:
    """With a folder, beside the campaigns in it."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as empty:
        few = Mailroom(Path(first), url)
        few.sends(few.schedule(few.draft(few.keep_list(5_000))))
        few.close()
        before = highest()
        room = Mailroom(folder or Path(empty), url, frequency_days=7 if folder else 0)
        draft = room.draft(room.keep_list(people))
        watch = Stopwatch()
        scheduled = room.schedule(draft)
        prepared = watch.took().clock
        letters = room.sends(scheduled)
        sent = watch.took().clock - prepared
        room.close()
        grown = (highest() - before) / (1 << 20)
        return {"prepared": prepared, "sent": sent, "grown": grown, "letters": letters}


def before(people: int, url: str, folder: Path) -> dict[str, float]:
    """Yesterday to a tenth of those to come and to others, the day before to others, and long ago to all."""
    room = Mailroom(folder, url)
    for first, ago in ((people - people // 10, 1), (2 * people, 2), (0, 30)):
        somebodies = map(somebody, range(first, first + people))
        room.wrote(somebodies, people, timedelta(days=ago))
    room.close()
    return {}


def half(people: int, url: str, folder: Path) -> dict[str, float]:
    room = Mailroom(folder, url)
    room.sends_half(room.schedule(room.draft(room.keep_list(people))))
    room.store.beat(datetime.now(UTC))
    room.close()
    return {}


def start(folder: Path, url: str) -> dict[str, float]:
    watch = Stopwatch()
    room = Mailroom(folder, url)
    room.delivery.recover(room.store.last_beat(), datetime.now(UTC))
    (campaign,) = room.store.campaigns.all(WORK)
    progress = room.campaigns.progress(campaign)
    seconds = watch.took().clock
    assert campaign.state is State.SENDING
    assert 0 < progress.accepted < progress.people
    room.close()
    return {"seconds": seconds}


def under(what: str, value: float, aim: float, unit: str) -> None:
    print(f"  {what:<58}{value:6.2f} {unit:<3} less than {aim} {'' if value < aim else 'MISSED'}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--million", action="store_true")
    options.add_argument("--beside", action="store_true")
    kinds = (
        ("alone", int), ("half", int), ("start", Path), ("before", int),
        ("url", str), ("folder", Path),
    )  # fmt: skip
    for name, kind in kinds:
        options.add_argument(f"--{name}", type=kind, help=argparse.SUPPRESS)
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    if asked.alone:
        print(json.dumps(alone(asked.alone, asked.url, asked.folder)))
    elif asked.before:
        print(json.dumps(before(asked.before, asked.url, asked.folder)))
    elif asked.half:
        print(json.dumps(half(asked.half, asked.url, asked.folder)))
    elif asked.start:
        print(json.dumps(start(asked.start, asked.url)))
    elif asked.beside:
        with tempfile.TemporaryDirectory() as name, open_sink(Path(name), 0.0) as sink:
            beside_others(sink.urls[0])
    else:
        compare(asked.people, asked.rounds, with_million=asked.million)


def compare(people: int, rounds: int, *, with_million: bool) -> None:
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as name, open_sink(Path(name), ANSWER, 0.0) as sink:
        side_by_side(Path(name), sink, people, rounds)
        if with_million:
            by_size(sink, rounds)


if __name__ == "__main__":
    main()
