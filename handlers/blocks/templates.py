"""Templates: a select to start from, one to keep, and the small dialogs about one's own."""

from collections.abc import Sequence

from bot.core.campaigns import Campaign
from bot.core.people import Language
from bot.core.templates import TITLE_LENGTH, Shipped, Template, Words
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.wizard import VALUE, Shown

START, UNDO, SAVE = "templates.start", "templates.undo", "templates.save"
MINE, EDIT, DELETE = "templates.mine", "templates.edit", "templates.delete"
TITLE, SHARED = "title", "shared"


def shipped(kind: Shipped, language: Language) -> Words:
    say = Say(language)
    return Words(subject=say(f"templates.{kind.value}.subject"), body=say(f"templates.{kind.value}.body"))


def is_shipped(words: Words) -> bool:
    """In either language, as we ship it: nobody's own words."""
    return any(
        (words.subject, words.body) == (one.subject, one.body)
        for one in (shipped(kind, language) for kind in Shipped for language in Language)
    )


def undo(shown: Shown) -> list[kit.Block]:
    """The words that a template took the place of, to be had back."""
    if shown.draft.replaced is None:
        return []
    button = kit.button(shown.say("templates.undo"), UNDO, shown.target)
    return [kit.section(shown.say("templates.replaced"), accessory=button, block_id="undo")]


def start(shown: Shown, mine: Sequence[Template], shared: Sequence[Template]) -> kit.Block:
    """In the letter's language first; of others, those in another language say so."""
    say, language = shown.say, shown.draft.language
    groups = [
        (say("templates.group.shipped"), [kit.option(say(f"templates.{kind}"), kind) for kind in Shipped]),
        (say("templates.group.mine"), _options(say, mine, language)),
        (say("templates.group.shared"), _options(say, shared, language)),
    ]
    return {
        "type": "static_select",
        "action_id": START,
        "placeholder": kit.plain(say("templates.start"), 150),
        "option_groups": [
            {"label": kit.plain(label, 75), "options": options} for label, options in groups if options
        ],
    }


def _options(say: Say, kept: Sequence[Template], language: Language) -> list[kit.Block]:
    ordered = sorted(kept, key=lambda one: one.language is not language)
    return [kit.option(_named(say, one, language), one.id) for one in ordered]


def _named(say: Say, template: Template, language: Language) -> str:
    if template.language is language:
        return template.title
    return f"{template.title} · {say(f'campaigns.language.{template.language.value}')}"


# --- kept ---------------------------------------------------------------------------------------------


def save(say: Say, draft: Campaign, wizard: str = "") -> kit.View:
    """Over the wizard, which is shown as `wizard` tells. The words are the draft's as they stand."""
    target = kit.Target(id=draft.id, revision=draft.revision, argument=wizard)
    return kit.modal(
        SAVE, say("templates.title.save"), [_title(say, ""), _sharing(say, shared=False)],
        metadata=str(target), submit=say("campaigns.save"), close=say("campaigns.close"),
    )  # fmt: skip


def _title(say: Say, title: str) -> kit.Block:
    element = kit.text_input(VALUE, title, limit=TITLE_LENGTH)
    hint = "" if title else say("templates.name.hint")
    return kit.labelled(TITLE, say("templates.name"), element, hint=hint)


def _sharing(say: Say, *, shared: bool) -> kit.Block:
    option = kit.option(say("templates.shared"), SHARED)
    element: kit.Block = {"type": "checkboxes", "action_id": VALUE, "options": [option]}
    if shared:
        element["initial_options"] = [option]
    hint = say("templates.shared.hint")
    return kit.labelled(SHARED, say("templates.who"), element, hint=hint, optional=True)


# --- one's own ----------------------------------------------------------------------------------------


def mine(say: Say, kept: Sequence[Template]) -> kit.View:
    """Over the wizard."""
    blocks = [_line(say, one) for one in kept] or [kit.section(say("templates.none"))]
    return kit.modal(MINE, say("templates.title.mine"), blocks, close=say("campaigns.close"))


def _line(say: Say, template: Template) -> kit.Block:
    target = kit.Target(id=template.id, revision=template.revision)
    about = [say(f"campaigns.language.{template.language.value}")]
    about += [say("templates.is_shared")] if template.shared else []
    words = f"*{escaped(template.title)}* · {say.joined(about)}\n{escaped(template.words.subject)}"
    button = kit.button(say("campaigns.edit"), EDIT, target)
    return kit.section(words, accessory=button, block_id=f"template.{template.id}")


def edit(say: Say, template: Template) -> kit.View:
    """Over the list of one's own."""
    target = kit.Target(id=template.id, revision=template.revision)
    ask = kit.confirm(
        say("templates.delete.ask"), say.mrkdwn("templates.delete.what", title=template.title),
        say("templates.delete"), say("campaigns.keep"),
    )  # fmt: skip
    delete = kit.button(say("templates.delete"), DELETE, target, style="danger", ask=ask)
    blocks = [_title(say, template.title), _sharing(say, shared=template.shared), kit.actions([delete])]
    return kit.modal(
        EDIT, say("templates.title.edit"), blocks, metadata=str(target), submit=say("campaigns.save"),
        close=say("campaigns.close"),
    )  # fmt: skip
