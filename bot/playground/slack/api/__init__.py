"""The Web API: one module per noun, one table of methods, one wire.

Only the methods a bot of this kind calls exist; any other is refused, so that a test fails.
"""
