"""Rules and records. Pure: no Slack, no network, no storage, no clock of its own. See README.md."""
