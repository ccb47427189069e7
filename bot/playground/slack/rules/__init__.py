"""Slack's rules for Block Kit, as tables.

shapes    the few checks everything is made of
elements  one line per kind of element
blocks    one line per kind of block
surfaces  what a message, a dialog and a Home may hold, and the rules across blocks
"""
