"""An address not to be written to, or again; what is known of a person; a person forgotten: by words with an
address."""

from slack_bolt.async_app import AsyncApp

from bot.core.sentences import sentence
from handlers import payloads
from handlers.blocks import kit, notices
from handlers.blocks import rights as blocks
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Spoken, Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    on_submit(app, edge, blocks.RESUME, resume)
    words.on_address("stop", "arrête", "arrêter", "object", "opposition", act=stop)
    words.on_address("resume", "reprendre", "réinscrire", "lever", "lift", act=ask_resume, opens=True)
    on_submit(app, edge, blocks.ERASE, erase)
    words.on_address("person", "personne", "access", "acces", act=person)
    words.on("person", "personne", "access", "acces", act=whose)
    words.on_address("forget", "oublier", "oublie", "erase", "effacer", act=ask_erase, opens=True)
    words.on("forget", "oublier", "oublie", "erase", "effacer", act=whose)
    words.on("resume", "reprendre", "lever", "lift", act=whose)


async def stop(spoken: Spoken) -> None:
    rights = spoken.services.rights
    await spoken.tell(await spoken.edge.run(rights.stop, spoken.member, typed(spoken)))


async def ask_resume(spoken: Spoken) -> None:
    """A dialog; in the DM, where no word can open one, how to get it."""
    standing = await spoken.edge.run(spoken.services.rights.standing, spoken.member, typed(spoken))
    if spoken.trigger_id:
        await spoken.show(blocks.resume(spoken.say, standing))
    else:
        await spoken.tell(sentence("rights.resume.by_command", address=standing.address))


async def resume(submission: Submission) -> kit.View:
    said = await submission.edge.run(
        submission.services.rights.resume, submission.member, submission.target.argument,
        payloads.text(submission.state, blocks.FIELD),
    )  # fmt: skip
    return notices.notice(submission.say, said)


async def ask_erase(spoken: Spoken) -> None:
    """In the DM it would stay written who it was: only a command is asked of nobody else."""
    address = await spoken.edge.run(spoken.services.forgetting.asked, spoken.member, typed(spoken))
    if spoken.trigger_id:
        await spoken.show(blocks.erase(spoken.say, address))
    else:
        await spoken.tell(sentence("rights.forget.by_command"))


async def erase(submission: Submission) -> kit.View:
    """The dialog says that it is promised; the rest takes its time."""
    forgetting = submission.services.forgetting
    await submission.edge.run(forgetting.forget, submission.member, submission.target.argument)
    submission.edge.later(submission.edge.toil(forgetting.sweep))
    return notices.notice(submission.say, sentence("rights.forget.begun"))


async def person(spoken: Spoken) -> None:
    """A file, which takes a moment among many lists."""
    said = await spoken.edge.toil(spoken.services.access.send, spoken.member, typed(spoken))
    if said:
        await spoken.tell(said)


async def whose(spoken: Spoken) -> None:
    """The word alone."""
    await spoken.tell(sentence("rights.whose"))


def typed(spoken: Spoken) -> str:
    """What stands after the word: the address, and what is around it."""
    return spoken.text.split(maxsplit=1)[1]
