"""The few pages that recipients of letters see: no script, no cookie, nothing from elsewhere, no address.

It is plain HTML so that it opens in any mail client's browser, read aloud or not, by day or by night.
"""

import base64
import hashlib
from collections.abc import Sequence
from html import escape

from bot.core.people import Language
from bot.texts import Say

STYLE = """
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;padding:1.5rem;
background:#f4f1ea;color:#26241f;font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:32rem;padding:2.5rem;background:#fff;border-radius:1rem;
box-shadow:0 1px 2px #0000000f,0 12px 32px #00000014}
section+section{margin-top:2rem;padding-top:2rem;border-top:1px solid #8884}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25;text-wrap:balance}
p{margin:0;overflow-wrap:anywhere}
form{margin-top:1.75rem}
button{width:100%;padding:.85rem 1.25rem;border:0;border-radius:.6rem;background:#1f5f4f;color:#fff;
font:inherit;font-weight:600;text-wrap:balance;cursor:pointer}
button:hover{background:#174a3e}
button:focus-visible{outline:3px solid #7cc4b0;outline-offset:3px}
.note{margin-top:1rem;color:#6a665d;font-size:.9375rem}
@media (prefers-color-scheme:dark){
body{background:#191816;color:#ece8df}main{background:#24221f;box-shadow:none}
button{background:#7cc4b0;color:#10241e}button:hover{background:#95d3c2}.note{color:#a39e93}}
@media (max-width:28rem){main{padding:1.75rem}}
"""
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def asked(language: Language, sender: str) -> str:
    """The question and its one button, which posts to this same address."""
    say = Say(language)
    return _page(
        [language], say("web.asked.title", sender=sender), _section(say, "asked", sender, _button(say))
    )


def done(language: Language, sender: str) -> str:
    say = Say(language)
    return _page([language], say("web.done.title"), _section(say, "done", sender))


def test(language: Language, sender: str) -> str:
    """The link of a test letter: it belongs to nobody."""
    say = Say(language)
    return _page([language], say("web.test.title"), _section(say, "test", sender))


def unknown() -> str:
    """A link we did not make: in which language its letter was, nobody knows."""
    return _both("unknown")


def closed(language: Language, sender: str) -> str:
    """The questionnaire takes no answers any more."""
    say = Say(language)
    return _page([language], say("web.closed.title"), _section(say, "closed", sender))


def thanked(language: Language, sender: str) -> str:
    """The questionnaire was answered."""
    say = Say(language)
    return _page([language], say("web.thanked.title"), _section(say, "thanked", sender))


def lost() -> str:
    """A link to a questionnaire that we did not make."""
    return _both("lost")


def away() -> str:
    """Where the link leads cannot be found out now."""
    return _both("away")


def unwritable() -> str:
    """The choice could not be kept: it must not look as if it had been."""
    return _both("unwritable")


def _both(name: str) -> str:
    says = [Say(language) for language in Language]
    title = " · ".join(say(f"web.{name}.title") for say in says)
    return _page(list(Language), title, "\n".join(_section(say, name) for say in says))


def _section(say: Say, name: str, sender: str = "", action: str = "") -> str:
    title, words = escape(say(f"web.{name}.title")), escape(say(f"web.{name}.words", sender=sender))
    return f'<section lang="{say.language.value}">\n<h1>{title}</h1>\n<p>{words}</p>{action}\n</section>'


def _button(say: Say) -> str:
    button, note = escape(say("web.asked.button")), escape(say("web.asked.note"))
    return f'\n<form method="post"><button type="submit">{button}</button></form>\n<p class="note">{note}</p>'


def _page(languages: Sequence[Language], title: str, sections: str) -> str:
    return f"""<!doctype html>
<html lang="{languages[0].value}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{sections}
</main>
</body>
</html>
"""
