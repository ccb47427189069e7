"""Identifiers. None holds a colon: a button's value is `id:revision[:argument]`."""

import secrets
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
MemberId = NewType("MemberId", str)
ListId = NewType("ListId", str)
CampaignId = NewType("CampaignId", str)
TemplateId = NewType("TemplateId", str)
PleaId = NewType("PleaId", str)

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: people read these aloud to support


def new_list_id() -> ListId:
    return ListId("lst_" + _random())


def new_campaign_id() -> CampaignId:
    return CampaignId("cmp_" + _random())


def new_template_id() -> TemplateId:
    return TemplateId("tpl_" + _random())


def new_plea_id() -> PleaId:
    return PleaId("hlp_" + _random())


def _random(length: int = 12) -> str:
    """60 bits: guessing an identifier is no way in (and ownership is checked besides)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
