"""A list shared: to be used without one address being seen, or to be managed; and no longer."""

from bot.core.ids import ListId, MemberId, WorkspaceId
from bot.core.lists import Access, Shared, may_manage, may_use, share
from bot.core.people import Member
from bot.playground.slack import Person
from tests.fixtures.files import FRENCH_PEOPLE, french_excel_csv
from tests.journeys.harness import Town

LINK = "https://forms.example/s/1"
BOB = MemberId("U0BOB")
READS = ("lists.view", "lists.download", "lists.delete", "lists.undo", "lists.rename", "lists.person",
         "lists.add", "lists.remove", "lists.revert", "lists.share")  # fmt: skip


async def keeps(town: Town, person: Person) -> ListId:
    await person.drops(french_excel_csv())
    await person.sees("Liste gardée")
    return town.bot.store.lists.all(town.workspace)[0].id


async def shares(town: Town, list_id: ListId, **how: object) -> None:
    """As Claire's dialog does, without it."""
    known = town.bot.store.lists.get(town.workspace, list_id)
    shared = Shared(**how)  # type: ignore[arg-type]
    town.bot.store.lists.save(town.workspace, share(known, shared), known.revision)


def no_address(person: Person) -> None:
    """Nothing in sight, in any block, holds anything of the people but their number."""
    everything = f"{person.messages} {person.dialogs} {person.home}"
    for address, first, last, *_ in FRENCH_PEOPLE:
        assert address not in everything
        assert f"{first} {last}" not in everything.replace("Claire Martin", "")


async def test_shared_in_the_dialog_it_is_used_without_an_address(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await keeps(town, claire)
    await claire.clicks("lists.share")
    await town.dialog(claire, "lists.share")
    await claire.selects("use", BOB)
    await claire.submits()
    await bob.sees("shares the list clients with you (3 contacts): you may make campaigns of it")
    await claire.sees("Utilisable par")
    await bob.says("lists")
    await bob.sees("you may use it, without seeing addresses")
    no_address(bob)
    await town.composes(bob, LINK)
    await bob.sees("Camille")
    no_address(bob)
    await bob.clicks("campaigns.test")
    (test,) = await town.letters(1)
    assert "Camille" in str(test.text)
    assert not any(person[0] in str(test.text) for person in FRENCH_PEOPLE)
    await bob.submits()
    await town.slack.until(lambda: bob.dialog is None)
    await town.reaches_departure()
    letters = await town.letters(4)
    assert {person[0] for person in FRENCH_PEOPLE} <= {letter.to for letter in letters}
    no_address(bob)
    assert town.bot.store.lists.get(town.workspace, list_id).owner == "U0CLAIRE"


async def test_who_may_use_it_reaches_nothing_else_by_forged_clicks(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await keeps(town, claire)
    await shares(town, list_id, use=(BOB,))
    await bob.says("help")
    await bob.sees("What I can do")
    before = town.bot.store.lists.get(town.workspace, list_id)
    for action in READS:
        said = len(bob.messages)
        await bob.forges(action, f"{list_id}:{before.revision}:2")
        await town.slack.until(lambda said=said: len(bob.messages) > said)
        assert "I can't find this list" in bob.messages[-1]["text"], action
    for dialog in ("lists.view", "lists.rename", "lists.person", "lists.share"):
        for metadata in (f"{list_id}:{before.revision}", f"{list_id}:{before.revision}:2"):
            typed = {
                name: {name: {"type": "plain_text_input", "value": "exemple"}} for name in ("title", "search")
            }
            typed["email"] = {"email": {"type": "plain_text_input", "value": "bob@example.com"}}
            answer = await bob.forges_submission(dialog, metadata, typed)
            assert "exemple.fr" not in str(answer.body)
    assert town.bot.store.lists.get(town.workspace, list_id) == before
    assert bob.files == []
    no_address(bob)


async def test_who_may_manage_it_sees_it_on_home_and_changes_it(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await keeps(town, claire)
    await shares(town, list_id, manage=(BOB,))
    await bob.opens_home()
    await town.slack.until(lambda: bob.home and "you may manage it" in str(bob.home))
    await bob.clicks("lists.view", where="home")
    await bob.sees("noel.lefevre@exemple.fr")
    await bob.clicks("lists.download")
    await town.slack.until(lambda: any(one.name.endswith(".xlsx") for one in bob.files))
    await bob.clicks("lists.rename")
    await town.dialog(bob, "lists.rename")
    await bob.types("title", "Clients du Rhône")
    await bob.submits()
    await claire.sees("Clients du Rhône · 3 contacts")
    assert not any("lists.delete" in str(one["blocks"]) for one in bob.messages)
    said = len(bob.messages)
    await bob.forges("lists.share", f"{list_id}:1")
    await town.slack.until(lambda: len(bob.messages) > said)
    assert "I can't find this list" in bob.messages[-1]["text"]


async def test_the_whole_workspace_and_no_longer(town: Town) -> None:
    claire, bob, samir = town.claire, town.bob, town.samir
    list_id = await keeps(town, claire)
    await claire.clicks("lists.share")
    await town.dialog(claire, "lists.share")
    await claire.selects("everybody", "manage")
    await claire.submits()
    await claire.sees("Partagée : tout l'espace peut la gérer")
    for person in (bob, samir):
        await person.forges("lists.view", f"{list_id}:1")
        await person.sees("noel.lefevre@exemple.fr")
        await person.closes()
    await claire.clicks("lists.share")
    await town.dialog(claire, "lists.share")
    await claire.selects("everybody", "nobody")
    await claire.submits()
    await town.slack.until(lambda: "tout l'espace peut" not in claire.text_of())
    await bob.forges("lists.view", f"{list_id}:1")
    await bob.sees("I can't find this list")


async def test_no_longer_shared_a_scheduled_campaign_keeps_its_people_and_a_draft_finds_none(
    town: Town,
) -> None:
    claire, bob = town.claire, town.bob
    list_id = await keeps(town, claire)
    await shares(town, list_id, use=(BOB,))
    await bob.says("lists")
    await bob.sees("you may use it")
    await town.composes(bob, LINK)
    await bob.submits()
    await town.slack.until(lambda: bob.dialog is None)
    await town.composes(bob, LINK, keeps_recent=True)
    await shares(town, list_id)
    await bob.submits()
    await town.slack.until(lambda: "I can't find this list" in bob.text_of())
    no_address(bob)
    await bob.closes()
    await town.reaches_departure()
    await town.letters(3)


async def test_a_shared_list_is_not_compared_with_somebody_else_s_file(town: Town) -> None:
    claire, bob = town.claire, town.bob
    list_id = await keeps(town, claire)
    await shares(town, list_id, everybody=Access.USE)
    await bob.drops(french_excel_csv())
    await bob.sees("List kept")
    assert len(town.bot.store.lists.all(town.workspace)) == 2


async def test_whoever_it_is_shared_with_another_workspace_never_sees_it(town: Town) -> None:
    list_id = await keeps(town, town.claire)
    await shares(town, list_id, use=(BOB,), manage=(BOB,), everybody=Access.MANAGE)
    kept = town.bot.store.lists.get(town.workspace, list_id)
    for home, may in ((town.workspace, True), (WorkspaceId("T0ELSEWHERE"), False)):
        bob = Member(workspace=home, id=BOB)
        assert may_use(bob, kept) is may
        assert may_manage(bob, kept) is may
        assert (kept in town.bot.services.lists.visible(bob)) is may
