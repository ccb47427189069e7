"""The way out that the service itself puts into letters: its unsubscribe page."""

from __future__ import annotations

from aiohttp import web

from .mailbox import Mailbox
from .outcomes import Outcomes

_PAGE = (
    "<!doctype html><meta charset=utf-8><title>{title}</title>"
    "<body style='font:18px/1.5 system-ui;max-width:34em;margin:15vh auto;padding:0 1em'>{words}"
)


class Exits:
    def __init__(self, *, outcomes: Outcomes, mailbox: Mailbox) -> None:
        self._outcomes = outcomes
        self._mailbox = mailbox

    async def leave(self, request: web.Request) -> web.Response:
        """A visit is enough here, as with the real service's link."""
        letter = self._mailbox.find(request.match_info["letter"])
        if letter is None:
            return _page(404, "?", "Lien inconnu. / Unknown link.")
        group = letter.unsubscribe_group
        if group is not None:
            fields = {"asm_group_id": group}
            self._outcomes.tell(letter, "group_unsubscribe", late=False, fields=fields)
        else:
            self._outcomes.tell(letter, "unsubscribe", late=False, fields={})
        return _page(200, "Désinscription", "C'est noté : plus aucun e-mail. / Done: no more e-mail.")


def _page(status: int, title: str, words: str) -> web.Response:
    return web.Response(
        status=status, text=_PAGE.format(title=title, words=words), content_type="text/html", charset="utf-8"
    )
