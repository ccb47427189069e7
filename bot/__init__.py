"""Postillon: a Slack bot that turns a contact file into a questionnaire campaign by e-mail.

Handlers hear, services decide what to do, core knows the rules, storage and mail keep and carry.

    __main__.py    the command line: playground, serve, check, status, inspect
    printing.py    what the commands print for people
    logs.py        one event a line, as words or as JSON
    app.py         composition root: settings -> storage, mailer, services, Slack app, clock, web
    wiring.py      the services of one bot, each given what it needs
    settings.py    the environment -> frozen Settings; every problem at once
    setting_values.py  how each kind of setting is read from text
    ports/         what the outside world must provide: stores, mail, Slack, files and time
    core/          rules and records, pure; README.md has the words and the state machines
    services/      use cases over core and ports: people, imports, lists, campaigns, delivery, tracking
    clock.py       wake-ups: sweeps at the moments storage names, and every 30 s
    web.py         the HTTP server: Slack's events in HTTP mode, the unsubscribe page, health
    web_links.py   from a letter's link to the questionnaire
    web_answers.py who answered: told by the questionnaire's tool, or by its last page
    web_bodies.py  what is posted, read within bounds: each body, and all under way together
    web_health.py  what is wrong, and how much of what, for who watches over the machine
    metrics.py     these counts, in Prometheus' format
    pages.py       the few pages that recipients of letters see
    mail/          SendGrid, and letters: Markdown -> HTML and plain text
    reading/       the reader of strangers' files, in a limited child process
    exports/       workbooks and CSV we write
    texts/         every sentence a person reads, French and English
    playground/    a stand-in Slack, a stand-in SendGrid and a page, to try everything on one machine

Beside this package: `handlers/` (the only package that speaks Slack), `storage/` (what is kept, and how).
One noun has the same file name in every layer: `git ls-files '*campaigns*'` shows a whole feature.

Who may import whom, top to bottom (held by import-linter, see pyproject.toml):

    bot.__main__
    bot.playground
    bot.app
    bot.wiring
    handlers | bot.web | bot.clock
    bot.web_links | bot.web_answers | bot.web_bodies | bot.web_health | bot.metrics
    bot.services | storage | bot.mail | bot.reading | bot.exports
    bot.settings
    bot.ports | bot.texts
    bot.core
"""
