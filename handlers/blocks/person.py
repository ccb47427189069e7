"""One person of a list, to be added, corrected or removed."""

from collections.abc import Sequence

from bot.core.contacts import Contact, Field
from bot.core.lists import ContactList
from bot.core.sentences import Sentence, sentence
from bot.texts import Say
from handlers.blocks import kit, lists

PERSON, ADD, REMOVE = "lists.person", "lists.add", "lists.remove"
LONGEST = 200


def choose(say: Say, contact_list: ContactList, contacts: Sequence[Contact], page: int) -> kit.Block:
    """Under a page of people. The block's id changes with them: Slack would keep the choice."""
    adding = kit.button(say("lists.person.add"), ADD, lists.target(contact_list))
    named = {one.row: one.full_name() or one.email for one in contacts}
    options = [
        kit.option(f"{row} · {name}", str(lists.target(contact_list, str(row))))
        for row, name in named.items()
    ]
    picking = [kit.select(PERSON, options, placeholder=say("lists.person.choose"))] if options else []
    return kit.actions([*picking, adding], block_id=f"people-{contact_list.revision}-{page}")


def person(say: Say, contact_list: ContactList, contact: Contact | None) -> kit.View:
    """`contact` None: somebody new."""
    inputs = [_input(say, field, contact) for field in Field]
    row = str(contact.row) if contact else ""
    aim = lists.target(contact_list, row)
    removing = [_remove(say, contact_list, contact, aim)] if contact else []
    return kit.modal(
        PERSON, say("lists.person.title" if contact else "lists.person.title_new"), [*inputs, *removing],
        metadata=str(aim), submit=say("lists.person.submit" if contact else "lists.person.submit_new"),
        close=say("lists.rename.cancel"),
    )  # fmt: skip


def _input(say: Say, field: Field, contact: Contact | None) -> kit.Block:
    element = kit.text_input(field.value, contact.value(field) if contact else "", limit=LONGEST)
    label = say(f"reading.column.{field.value}")
    return kit.labelled(field.value, label, element, optional=field is not Field.EMAIL)


def _remove(say: Say, contact_list: ContactList, contact: Contact, aim: kit.Target) -> kit.Block:
    ask = kit.confirm(
        say("lists.person.remove_title", name=contact.full_name() or contact.email),
        say("lists.person.remove_text", title=contact_list.title),
        say("lists.person.remove"), say("lists.delete.keep"),
    )  # fmt: skip
    return kit.actions([kit.button(say("lists.person.remove"), REMOVE, aim, style="danger", ask=ask)])


def removed(name: str, contact_list: ContactList) -> Sentence:
    return sentence("lists.person.removed", name=name, title=contact_list.title, n=contact_list.count)
