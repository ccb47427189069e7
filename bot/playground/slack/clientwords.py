"""The few sentences Slack's own client says, in its two languages here."""

_WORDS = {
    "required": ("Veuillez remplir ce champ obligatoire.", "Please complete this required field."),
    "email": ("Saisissez une adresse e-mail valide.", "Please enter a valid email address."),
    "url": ("Saisissez une URL valide.", "Please enter a valid URL."),
    "number": ("Saisissez un nombre valide.", "Please enter a valid number."),
    "low": ("La valeur doit être d’au moins {0}.", "Value must be at least {0}."),
    "high": ("La valeur doit être d’au plus {0}.", "Value must be at most {0}."),
    "short": ("Saisissez au moins {0} caractères.", "Enter at least {0} characters."),
    "long": ("Saisissez au plus {0} caractères.", "Enter at most {0} characters."),
    "filetype": ("Ce type de fichier n’est pas accepté ici.", "This file type is not allowed here."),
    "filesize": ("Un fichier fait 10 Mo au plus ici.", "A file can be at most 10 MB here."),
    "filecount": ("{0} fichiers au plus.", "At most {0} files."),
    "trouble": (
        "Un problème est survenu : l’application n’a pas répondu. Réessayez.",
        "We had some trouble connecting: the app did not respond. Try again.",
    ),
}


def say(locale: str, word: str, *values: object) -> str:
    french, english = _WORDS[word]
    return (french if locale.startswith("fr") else english).format(*values)
