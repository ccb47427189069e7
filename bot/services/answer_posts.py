"""Answers as questionnaire tools post them: known by the secret, kept durably, only then answered.

One thread takes everything that waits, so that many answers under way share one write to the disk for each
campaign. An answer that could not be kept fails, and the tool tells it again.
"""

import logging
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Literal

from bot import ports
from bot.core.answer_posts import Post, candidates, in_text
from bot.core.answers import Source
from bot.core.events import Full, Unsigned
from bot.core.ids import CampaignId, WorkspaceId
from bot.core.people import Language
from bot.core.tokens import Bearer, read_token
from bot.services.answers import Answers
from bot.services.letters import TEST

log = logging.getLogger("postillon")

ROOM = 16 * 1024 * 1024  # bytes of posts that may wait

Key = tuple[WorkspaceId, CampaignId]


@dataclass(frozen=True, kw_only=True, slots=True)
class Thanks:
    """What somebody sees whose questionnaire ends on our page. `sender` is who wrote the letter."""

    state: Literal["thanks"] = "thanks"
    language: Language
    sender: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """`bearers` are there where the token itself came, and is its own proof."""

    post: Post
    bearers: tuple[Bearer, ...] | None = None
    kept: "Future[int]" = field(default_factory=Future)

    @property
    def source(self) -> Source:
        return Source.WEBHOOK if self.bearers is None else Source.PAGE


@dataclass(kw_only=True)
class AnswerPosts:
    """`recorder` has one thread. `secret` empty: nobody is believed."""

    store: ports.Store
    answers: Answers
    recorder: Executor
    clock: ports.Clock
    policy: ports.Policy
    taken: int = 0  # answers that were news, since the start
    refused: int = 0  # posts that nobody believes
    _waiting: deque[Waiting] = field(default_factory=deque)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _said: set[str] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        return bool(self.policy.answers_secret)

    def receive(self, post: Post) -> "Future[int]":
        """Done once every answer in it is on the disk, with how many tokens of ours it held. Waits for
        nothing; raises `Full`.

        The future may fail with `Unsigned` (it is forged), with ValueError (it does not read), or with
        `Unwritable` or `Unreadable`, where an answer could not be kept.
        """
        return self._receive(Waiting(post=post))

    def thank(self, values: Iterable[str]) -> "Future[int] | None":
        """The same for somebody's own token, brought by their browser; None where there is none."""
        if bearers := tuple(self._bearers(one for text in values for one in in_text(text))):
            return self._receive(Waiting(post=Post(raw=b""), bearers=bearers[:1]))
        return None

    def thanks(self, values: Iterable[str]) -> Thanks | None:
        """The page that says so; None for a token of nobody's."""
        bearers = self._bearers(one for text in values for one in in_text(text))
        for bearer in bearers:
            try:
                campaign = self.store.campaigns.get(bearer.workspace, bearer.campaign)
            except ports.Missing:
                continue
            sender = campaign.sender.name or campaign.sender.address.partition("@")[2]
            return Thanks(language=campaign.language, sender=sender)
        return None

    def _receive(self, waiting: Waiting) -> "Future[int]":
        with self._lock:
            if self._bytes + len(waiting.post.raw) > ROOM:
                raise Full
            self._bytes += len(waiting.post.raw)
            self._waiting.append(waiting)
        self.recorder.submit(self._record_waiting)
        return waiting.kept

    # --- in the recorder's thread ---------------------------------------------------------------------

    def _record_waiting(self) -> None:
        """Whatever waits now; whoever comes after finds nothing left to do."""
        with self._lock:
            waiting, self._waiting, self._bytes = list(self._waiting), deque(), 0
        waiting = [one for one in waiting if one.kept.set_running_or_notify_cancel()]
        try:
            self._record(waiting)
        except BaseException as defect:
            for one in waiting:
                if not one.kept.done():
                    one.kept.set_exception(defect)
            raise

    def _record(self, waiting: list[Waiting]) -> None:
        read: list[tuple[Waiting, tuple[Bearer, ...]]] = []
        for one in waiting:
            try:
                read.append((one, one.bearers if one.bearers is not None else self._read(one.post)))
            except (Unsigned, ValueError) as refused:
                one.kept.set_exception(refused)
        failed: dict[Key, Exception] = {}
        for source in (Source.WEBHOOK, Source.PAGE):
            brought = (bearer for one, bearers in read if one.source is source for bearer in bearers)
            failed |= self._keep(_by_campaign(brought), source)
        for one, bearers in read:
            why = next((failed[key] for bearer in bearers if (key := _key(bearer)) in failed), None)
            if why is None:
                one.kept.set_result(len(bearers))
            else:
                one.kept.set_exception(why)

    def _read(self, post: Post) -> tuple[Bearer, ...]:
        found = candidates(self.policy.answers_secret, post) if self.is_open else None
        if found is None:
            self.refused += 1
            self._say_once("answers with a wrong secret or signature are refused: check ANSWERS_SECRET")
            raise Unsigned
        bearers = tuple(self._bearers(found))
        if not bearers:
            log.info("an answer came without a code of ours: whose it is, nobody knows")
        return bearers

    def _bearers(self, tokens: Iterable[str]) -> Iterable[Bearer]:
        for token in tokens:
            bearer = read_token(self.policy.secret, token)
            if bearer is not None and bearer.wave is None:
                yield bearer

    def _keep(self, told: Mapping[Key, set[int]], source: Source) -> dict[Key, Exception]:
        """Which campaigns' answers could not be kept, and why. Those of a campaign that is not here (any
        more) are taken: telling them again would change nothing."""
        failed: dict[Key, Exception] = {}
        for (workspace, campaign_id), numbers in told.items():
            try:
                self.taken += self.answers.learn(workspace, campaign_id, numbers, self.clock.now(), source)
            except ports.Missing:
                log.info("an answer of a campaign that is not here campaign=%s", campaign_id)
            except (ports.Unwritable, ports.Unreadable) as why:
                log.warning("answers are not kept, and told again campaign=%s: %s", campaign_id, why)
                failed[workspace, campaign_id] = why
        return failed

    def _say_once(self, what: str) -> None:
        """Whoever forges posts must not fill the log."""
        if what not in self._said:
            self._said.add(what)
            log.warning(what)


def _key(bearer: Bearer) -> Key:
    return bearer.workspace, bearer.campaign


def _by_campaign(bearers: Iterable[Bearer]) -> dict[Key, set[int]]:
    """Tests count for nothing."""
    found: dict[Key, set[int]] = {}
    for bearer in bearers:
        if bearer.recipient != TEST:
            found.setdefault(_key(bearer), set()).add(bearer.recipient)
    return found
