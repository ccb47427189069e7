"""The reader's voice: how handlers come by `Say`, in a member's language and zone.

Handlers take it from here and hand it to builders; they have no words of their own.
"""

from bot.core.people import Member
from bot.texts import Say as Say


def voice(member: Member) -> Say:
    return Say(member.language, member.tz)
