"""What each person's letter is filled with: as the preview says it, whoever was addressed before."""

from hypothesis import given
from hypothesis import strategies as some

from bot.core.contacts import Contact, Field
from bot.core.fields import LINK, Form, Tag, value_of
from bot.core.letters import Envelopes

TYPED = some.text(max_size=12) | some.sampled_from(["", " ", "O'Brien", "<b>&", "Été  à\tLyon", "\u2028\x07"])
TAGS = [
    Tag(text=f"-5eed.{order}{form}-", name=name, default=default, form=form)
    for order, (name, default) in enumerate(
        [(Field.FIRST_NAME, "l'ami"), (Field.FIRST_NAME, ""), (Field.COMPANY, "<vous>"), (LINK, "")]
    )
    for form in Form
]


@some.composite
def contacts(draw: some.DrawFn) -> Contact:
    return Contact(row=2, email="zoe@example.com", first_name=draw(TYPED), company=draw(TYPED))


@given(some.lists(contacts(), min_size=1, max_size=5), some.sampled_from(["", "tok-en_1"]))
def test_every_tag_says_what_the_preview_says(people: list[Contact], token: str) -> None:
    link = "https://f.example/?a=1&b='2'&p=", "#é"
    envelopes = Envelopes(TAGS, link=link, seed="5eed", mailto="")
    for number, person in enumerate([*people, *people]):
        made = envelopes.address(person, number=number, token=token, unsubscribe_url="")
        assert made.substitutions == {tag.text: value_of(tag, person, token.join(link)) for tag in TAGS}
        assert made.headers == {}


def test_only_fields_that_the_letter_uses_are_sent() -> None:
    person = Contact(row=2, email="zoe@example.com", first_name="Zoé", company="Nova", job_title="Chef")
    used = [Tag(text="-5eed.0t-", name=Field.FIRST_NAME, default="", form=Form.TEXT)]
    envelopes = Envelopes(used, link=("l", ""), seed="5eed", mailto="")
    made = envelopes.address(person, number=0, token="", unsubscribe_url="")
    assert made.substitutions == {"-5eed.0t-": "Zoé"}


def test_everybody_has_a_way_out_of_their_own() -> None:
    envelopes = Envelopes((), link=("", ""), seed="5eed", mailto="stop@nova.example")
    person = Contact(row=2, email="zoe@example.com")
    made = envelopes.address(person, number=0, token="", unsubscribe_url="https://bot.example/u/t0")
    assert made.substitutions == {"-5eed.unsubscribe-": "https://bot.example/u/t0"}
    assert made.headers == {
        "List-Unsubscribe": "<https://bot.example/u/t0>, <mailto:stop@nova.example>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
