"""The bot killed at any instant and started again: nobody gets two letters, and nobody is forgotten.

python -m tests.kills [--kills 200] [--people 20000] [--seed N]

wiring    the real services over the real store, without Slack
child     the process that is killed: its lives, and how it is started again at once
nursery   the same process as its parent sees it: start, kill, what it said
sink      a mail service that records every letter it was given, and answers badly at random
moments   when a life ends
books     person by person: what the sink was given against what the bot says of it
run       campaigns in turn, until so many kills; then the rest is sent
"""
