"""The setting that has letters tell when they are opened: "réglages", for who looks after the bot."""

from slack_bolt.async_app import AsyncApp

from bot.core.sentences import Refusal, sentence
from handlers.blocks import kit, notices
from handlers.blocks import openings as blocks
from handlers.clicks import Click, on_click
from handlers.edge import Edge
from handlers.submissions import Submission, on_submit
from handlers.words import Spoken, Words


def register(app: AsyncApp, edge: Edge, words: Words) -> None:
    on_click(app, edge, blocks.ASK, ask, opens=True)
    on_submit(app, edge, blocks.SETTING, switch)
    words.on("réglages", "settings", "paramètres", "ouvertures", "openings", act=ask_by_word, opens=True)


async def ask(click: Click) -> None:
    state = await click.edge.run(click.services.counting.state, click.member)
    await click.show(blocks.setting(click.say, state))


async def ask_by_word(spoken: Spoken) -> None:
    """A dialog after a command; in the DM, where no word can open one, its button."""
    state = await spoken.edge.run(spoken.services.counting.state, spoken.member)
    if spoken.trigger_id:
        await spoken.show(blocks.setting(spoken.say, state))
    else:
        await spoken.answer(*blocks.offer(spoken.say))


async def switch(submission: Submission) -> kit.View:
    """Slack lets nobody send it without the consent; a forged one is refused here."""
    on = submission.target.argument == blocks.ON
    confirmed = bool(submission.state.get(blocks.CONSENT, {}).get("selected_options"))
    if on and not confirmed:
        raise Refusal("openings.unconfirmed", field=blocks.CONSENT)
    await submission.edge.run(submission.services.counting.switch, submission.member, on=on)
    return notices.notice(submission.say, sentence("openings.done_on" if on else "openings.done_off"))
