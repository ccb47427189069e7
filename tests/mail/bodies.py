# ruff: noqa: E501 (a paragraph of a letter is one line)
"""Ten bodies in each language, from a line to everything at once, as people write and read them."""

from __future__ import annotations

from typing import Any

from bot.core.contacts import Contact
from bot.core.letters import Letter, Sender, Unsubscribe
from bot.core.people import Language

from .conftest import contact, written

COLUMNS = ("Segment", "Date de visite", "Site web", "Photo")
PICTURE = "https://pictures.example/studio.png"
LONG_URL = (
    "https://forms.example/"
    + "a1b2c3d4e5f6" * 16
    + "?"
    + "&".join(f"parameter{n}=value{n}" for n in range(9))
)
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

FRENCH = {
    "ligne": "Bonjour {{prénom}}.",
    "invitation": (
        "Bonjour {{prenom | à vous}},\n\nVotre avis compte : il nous dit ce qui va, et ce que nous pouvons "
        "mieux faire. Quelques questions, trois minutes, pas une de plus.\n\n[Répondre au questionnaire]({{lien}})"
        "\n\nCe lien est à vous : merci de ne pas le transférer.\n\nMerci, et à bientôt !\n\n**Claire Morel**\n"
        "Studio Nova"
    ),
    "relance": (
        "Bonjour {{prénom}},\n\nIl reste *trois jours* pour répondre. [Deux minutes suffisent]({{lien}}), "
        "ou recopiez cette adresse : {{lien}}\n\n> « Vos réponses restent entre nous. »\n\nÀ bientôt,\nClaire"
    ),
    "titres": (
        "# Votre visite du {{Date de visite | mois dernier}}\n\n## Ce que nous voulons savoir\n\nL'accueil.\n\n"
        "### En détail\n\nLe reste.\n\n## Et ensuite\n\nVous recevrez les résultats.\n\n[Je réponds]({{lien}})"
    ),
    "listes": (
        "Trois raisons de répondre :\n\n- c'est court ;\n- c'est **utile** ;\n  - à vous,\n  - à nous ;\n"
        "- c'est anonyme.\n\n1. Ouvrez le lien.\n2. Répondez.\n3. C'est tout.\n\n---\n\nMerci, {{prénom}}."
    ),
    "tableau": (
        "Vos rendez-vous :\n\n| Quand | Où | Avec qui | Durée |\n|:--|:--|:--|--:|\n"
        "| lundi 30 novembre | Lyon | {{prénom}} {{nom}} | 45 min |\n| mardi 1er décembre | Paris | Inès | 1 h |\n"
        "\n[Confirmer]({{lien}})"
    ),
    "images": (
        f"![Le studio, rue des Lilas]({PICTURE})\n\nBonjour {{{{prénom}}}},\n\n[![Voir le plan d'accès]({PICTURE})]"
        f"(https://nova.example/plan) et ![votre photo]({{{{Photo}}}})\n\n![]({PICTURE})"
    ),
    "longueurs": (
        f"# {LONG_WORD}\n\n{LONG_WORD} {LONG_URL} `{LONG_WORD}`\n\n- {LONG_URL}\n\n"
        f"| Colonne | {LONG_WORD} |\n|---|---|\n| {LONG_URL} | {{{{nom}}}} |\n\n[{LONG_WORD}]({{{{lien}}}})\n\n"
        "{{nom}} {{entreprise}}"
    ),
    "larges": (
        "| Produit | Référence | Janvier | Février | Mars | Avril | Mai | Juin |\n"
        + "|---" * 8 + "|\n"
        + "| Bouteilles isothermes | BI-2026 | 1 200 € | 1 350 € | 980 € | 1 100 € | 1 420 € | 1 500 € |\n" * 3
    ),
    "tout": (
        "## Bonjour {{prénom}}\n\n~~Ancien~~ **nouveau** *site* : [{{Site web | le nôtre}}]({{Site web | nova.example}})"
        "\n\n> ### Cité\n>\n> - un\n> - deux\n\n```\ncode & <balises>\n```\n\nÉcrivez à [Claire](mailto:claire@nova.example)"
        " ou au [04 72 00 00 00](tel:+33472000000).\n\n1. a\n\n   b\n\n2. c\n\n[Je réponds, {{prénom}}]({{lien}})\n\n"
        "<b>Pas du HTML</b> & « guillemets »."
    ),
}  # fmt: skip
ENGLISH = {
    "line": "Hello {{first_name}}.",
    "invitation": (
        "Hello {{first_name | there}},\n\nYour opinion counts: it tells us what works, and what we can do better. "
        "A few questions, three minutes, not one more.\n\n[Answer the survey]({{link}})\n\nThis link is yours: "
        "please don't forward it.\n\nThank you, and see you soon!\n\n**Claire Morel**\nStudio Nova"
    ),
    "reminder": (
        "Hello {{first_name}},\n\n*Three days* are left to answer. [Two minutes will do]({{link}}), or copy this "
        "address: {{link}}\n\n> “Your answers stay between us.”\n\nSee you soon,\nClaire"
    ),
    "headings": (
        "### Your visit in {{Date de visite | October}}\n\nThe welcome.\n\n# What comes next\n\nThe results.\n\n"
        "###### Small print\n\nNone.\n\n[Answer]({{link}})"
    ),
    "lists": (
        "Three reasons to answer:\n\n- it is short;\n- it is **useful**;\n  - to you,\n  - to us;\n- it is "
        "anonymous.\n\n1. Open the link.\n2. Answer.\n3. That's all.\n\n---\n\nThank you, {{first_name}}."
    ),
    "table": (
        "Your appointments:\n\n| When | Where | With whom | Length |\n|:--|:--|:--|--:|\n"
        "| Monday 30 November | Lyon | {{first_name}} {{last_name}} | 45 min |\n| Tuesday | Paris | Inès | 1 h |\n\n"
        "[Confirm]({{link}})"
    ),
    "pictures": FRENCH["images"],
    "lengths": FRENCH["longueurs"],
    "wide": FRENCH["larges"],
    "everything": FRENCH["tout"],
}  # fmt: skip
BODIES = [(Language.FRENCH, name, body) for name, body in FRENCH.items()] + [
    (Language.ENGLISH, name, body) for name, body in ENGLISH.items()
]
TITLES = [f"{language.value}-{name}" for language, name, _ in BODIES]


def letter(language: Language, body: str, **changes: Any) -> Letter:
    is_french = language is Language.FRENCH
    told = {
        "subject": "{{prénom}}, votre avis en 3 minutes ?" if is_french else "{{first_name}}, 3 minutes?",
        "preheader": "Quelques questions, et c'est fini." if is_french else "A few questions, and that's it.",
        "reason": "" if not is_french else "Vous figurez parmi les contacts de Studio Nova",
        "sender": Sender(address="enquetes@studio-nova.example", name="Studio Nova"),
        "unsubscribe": Unsubscribe(page=True, mailto="stop@studio-nova.example"),
        "language": language,
        "columns": COLUMNS,
        **changes,
    }
    if not told["reason"]:
        told["reason"] = "You are among the contacts of Studio Nova"
    return written(body, **told)


def reader(**changes: Any) -> Contact:
    """Somebody whose values are long."""
    values = ("VIP", "12 octobre", "https://www.nova.example/équipe", PICTURE)
    told = {
        "first_name": "Maximilienne-Éléonore",
        "last_name": "Wolfeschlegelsteinhausenbergerdorff-de la Tour du Pin",
        "company": "Société coopérative d'intérêt collectif des Trois-Rivières & Associés",
        "extras": values,
    }
    return contact(**{**told, **changes})
