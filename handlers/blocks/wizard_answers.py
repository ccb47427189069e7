"""How an answer says whom it comes from: the tool recognised, where the code goes, personal links; and until
when answers are taken."""

from collections.abc import Sequence

from bot.core import links
from bot.core import questionnaires as tools
from bot.core.campaigns import Campaign
from bot.core.doctor import diagnose
from bot.core.questionnaires import NAMES, PREFILLED_WORD, PREFILLING, Placement, Tool
from bot.texts import Say, escaped
from handlers.blocks import kit
from handlers.blocks.wizard import VALUE, Shown

PLACEMENT, LINK_COLUMN, CLOSING = "placement", "link_column", "closing"
CHOOSE, CHOOSE_COLUMN = "campaigns.placement", "campaigns.link_column"
AUTO = "auto"
NAMED = frozenset({Placement.PARAMETER, Placement.FRAGMENT})  # those that need a parameter's name
GROUP, GROUPS = 100, 100  # Slack's limits of options in a group, and of groups
KEY = 150


def chosen(draft: Campaign, link: str, value: str) -> Placement:
    """Where the code goes: as the select says (`value`), as the draft has it, as the tool wants it."""
    wanted = tools.preset(diagnose(link).tool, link)
    if value:
        return wanted if value not in list(Placement) else Placement(value)
    is_kept = draft.placement is Placement.COLUMN or (draft.link and draft.link == link)
    return draft.placement if is_kept else wanted


def recognised(shown: Shown, link: str, value: str, column: str) -> list[kit.Block]:
    """A line under the link, once there is one."""
    if not link:
        return []
    draft = shown.draft
    placement = chosen(draft, link, value)
    words = told(shown.say, link, placement, draft.link_parameter, column or draft.link_column)
    return [kit.context(words) | {"block_id": "tool"}]


def told(say: Say, link: str, placement: Placement, parameter: str, column: str) -> str:
    tool = diagnose(link).tool
    name = NAMES.get(tool) or escaped(links.host(link))
    if placement is Placement.COLUMN:
        return say.mrkdwn("questionnaires.tool.column", column=kit.cut(column, 80))
    if placement is Placement.PREFILLED and PREFILLED_WORD in link:
        return say("questionnaires.tool.prefilled", tool=name, word=PREFILLED_WORD)
    if tool in PREFILLING:
        return say(f"questionnaires.tool.{tool.value}", word=PREFILLED_WORD)
    if tool is Tool.OTHER:
        return say("questionnaires.tool.other", tool=name, parameter=escaped(parameter))
    return say(f"questionnaires.tool.{tool.value}", parameter=escaped(parameter))


def placement(shown: Shown, link: str, value: str, *, has_columns: bool) -> kit.Block:
    """What suits the tool first; a column only where the list has others than ours."""
    say, draft = shown.say, shown.draft
    wanted = tools.preset(diagnose(link).tool, link)
    how = say(f"questionnaires.placement.{wanted.value}")
    options = {AUTO: kit.option(say("questionnaires.placement.auto", how=how), AUTO)}
    now = chosen(draft, link, value)
    for one in Placement:
        if one is not Placement.COLUMN or has_columns or now is Placement.COLUMN:
            options[one.value] = kit.option(say(f"questionnaires.placement.{one.value}"), one.value)
    is_auto = value == AUTO or (not value and now is wanted)
    element = kit.select(CHOOSE, list(options.values()), options[AUTO if is_auto else now.value])
    return kit.labelled(PLACEMENT, say("questionnaires.placement"), element, dispatch=True)


def column(shown: Shown, now: Placement, titles: Sequence[str], value: str, counted: str) -> list[kit.Block]:
    """`counted`: who has a link in the column chosen."""
    if now is not Placement.COLUMN or not titles:
        return []
    known = now_column(shown.draft, titles, value)
    distinct = {kit.cut(title, KEY): title for title in reversed(titles) if title}
    options = [kit.option(title, title) for title in [*distinct.values()][::-1][: GROUP * GROUPS]]
    initial = kit.option(known, known) if known else None
    element = _select(options, initial)
    blocks = [kit.labelled(LINK_COLUMN, shown.say("questionnaires.column"), element, dispatch=True)]
    return [*blocks, kit.context(counted) | {"block_id": "counted"}] if counted else blocks


def now_column(draft: Campaign, titles: Sequence[str], value: str) -> str:
    return found(value, titles) or found(kit.cut(draft.link_column, KEY), titles)


def found(value: str, titles: Sequence[str]) -> str:
    """The title an option's value stands for: a long one is cut in it."""
    return next((title for title in titles if value and kit.cut(title, KEY) == value), "")


def _select(options: Sequence[kit.Block], initial: kit.Block | None) -> kit.Block:
    """More than a hundred in groups, which Slack takes a hundred of."""
    if len(options) <= GROUP:
        return kit.select(CHOOSE_COLUMN, options, initial)
    groups = [options[start : start + GROUP] for start in range(0, len(options), GROUP)]
    element: kit.Block = {
        "type": "static_select",
        "action_id": CHOOSE_COLUMN,
        "option_groups": [
            {"label": kit.plain(f"{n * GROUP + 1}–{n * GROUP + len(group)}", 75), "options": list(group)}
            for n, group in enumerate(groups)
        ],
    }
    return element | ({"initial_option": initial} if initial else {})


def counted(say: Say, people: int, without: int) -> str:
    if not without:
        return say("questionnaires.column.all", n=people)
    return say("questionnaires.column.without", n=without, people=people)


def closing(shown: Shown, *, redirects: bool) -> kit.Block:
    hint = "questionnaires.closing.hint" if redirects else "questionnaires.closing.hint.direct"
    return closing_at(shown.say, shown.draft, shown.say(hint))


def closing_at(say: Say, campaign: Campaign, hint: str) -> kit.Block:
    known = campaign.closing_at
    element: kit.Block = {"type": "datetimepicker", "action_id": VALUE}
    if known:
        element["initial_date_time"] = int(known.timestamp())
    return kit.labelled(CLOSING, say("questionnaires.closing"), element, hint=hint, optional=True)
