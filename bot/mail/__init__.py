"""Letters and their carrier.

letters   what a person wrote in Markdown -> HTML and plain text (the Letters port)
marks     merge fields on their way through Markdown, the sanitiser and MJML
markdown  the Markdown that letters understand, cut into prose and buttons
tables    a written table on a screen of any width
plain     the same Markdown as plain text
sendgrid  requests and their outcomes (the Mailer port)
lists     SendGrid's own lists of addresses, and what it counted (the MailLists port)
logs      SendGrid's own log, asked for one letter
verdicts  what each answer of SendGrid means for the letters of its request
hooks     to whom the account posts events
account   what the account tells of the letters it would take
events    what SendGrid posts of letters on their way (the MailEvents port)
reasons   why a letter did not arrive, in our words
wire      the client library's requests over one kept connection per thread
"""

from bot.mail.events import SignedEvents
from bot.mail.letters import MarkdownLetters
from bot.mail.sendgrid import SendGridMailer

__all__ = ["MarkdownLetters", "SendGridMailer", "SignedEvents"]
