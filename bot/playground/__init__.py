"""A whole workspace on one machine: stand-ins for the outside world and a page to try the bot on."""
