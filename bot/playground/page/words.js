/* The sentences of the page itself. Everything inside the conversation comes from the bot. */

const WORDS = {
  subtitle: ["terrain d'essai", "playground"],
  local: ["Tout se passe sur cet ordinateur : rien ne part vers Internet.", "Everything stays on this computer: nothing goes out."],
  person: ["Je suis", "I am"],
  language: ["Langue", "Language"],
  messages: ["Messages", "Messages"],
  home: ["Accueil", "Home"],
  mailbox: ["Courrier reçu", "Mail received"],
  mail: ["Courrier", "Mail"],
  views: ["Vues", "Views"],
  clock: ["Horloge", "Clock"],
  plusMinute: ["+1 min", "+1 min"],
  plusHour: ["+1 h", "+1 h"],
  plusDay: ["+1 jour", "+1 day"],
  next: ["Prochain départ", "Next departure"],
  nextTitle: ["Avancer l'horloge jusqu'au prochain départ programmé", "Move the clock to the next scheduled departure"],
  nothingDue: ["Aucun départ n'est programmé.", "Nothing is scheduled to leave."],
  movedTo: ["Nous sommes maintenant {when}.", "It is now {when}."],
  step: ["Pour commencer", "To start"],
  stepText: ["glissez un de ces fichiers dans la conversation, ou cliquez dessus.", "drag one of these files into the conversation, or click it."],
  choose: ["Joindre un fichier", "Attach a file"],
  release: ["Déposez le fichier ici", "Drop the file here"],
  releaseSmall: ["Excel ou CSV, tel quel", "Excel or CSV, as it is"],
  say: ["Écrire à Postillon", "Message Postillon"],
  send: ["Envoyer", "Send"],
  remove: ["Retirer", "Remove"],
  quiet: ["Rien encore. Déposez un fichier de contacts ou dites bonjour.", "Nothing yet. Drop a contact file, or say hello."],
  quietHome: ["Postillon n'a encore rien mis ici.", "Postillon has put nothing here yet."],
  quietMail: ["Aucune lettre pour l'instant. Ce que Postillon envoie arrive ici.", "No letter yet. What Postillon sends arrives here."],
  onlyYou: ["Visible de vous seul", "Only visible to you"],
  edited: ["(modifié)", "(edited)"],
  download: ["Télécharger", "Download"],
  moreActions: ["Plus d'actions", "More actions"],
  close: ["Fermer", "Close"],
  cancel: ["Annuler", "Cancel"],
  optional: ["(facultatif)", "(optional)"],
  chooseOption: ["Choisir", "Choose"],
  search: ["Chercher", "Search"],
  noMatch: ["Aucun résultat", "No match"],
  files: ["Choisir un fichier", "Choose a file"],
  filesMany: ["Choisir des fichiers", "Choose files"],
  orDrop: ["ou glissez-le ici", "or drag it here"],
  orDropMany: ["ou glissez-les ici", "or drag them here"],
  bold: ["Gras", "Bold"],
  italic: ["Italique", "Italic"],
  strike: ["Barré", "Strikethrough"],
  list: ["Liste", "List"],
  link: ["Lien", "Link"],
  linkPrompt: ["Adresse du lien", "Link address"],
  insert: ["Insérer", "Insert"],
  html: ["Lettre", "Letter"],
  text: ["Texte", "Text"],
  back: ["Toutes les lettres", "All letters"],
  from: ["De", "From"],
  to: ["À", "To"],
  replyTo: ["Réponses à", "Replies to"],
  unsubscribe: ["Se désabonner", "Unsubscribe"],
  letters: ["{n} lettre|{n} lettres", "{n} letter|{n} letters"],
  refused: ["Slack aurait refusé la réponse du bot : {why}", "Slack would have refused the bot's answer: {why}"],
  stale: ["Cela n'est plus à l'écran.", "That is no longer on the screen."],
  lost: ["Connexion perdue. Relancez « postillon playground » dans le terminal.", "Connection lost. Start “postillon playground” again in the terminal."],
  today: ["aujourd'hui", "today"],
  yesterday: ["hier", "yesterday"],
  tomorrow: ["demain", "tomorrow"],
};

/** The chrome's sentence in the language of a Slack locale; `{n}` also chooses between "one|many". */
export function words(locale) {
  const french = locale.startsWith("fr");
  return (name, values = {}) => {
    let sentence = WORDS[name][french ? 0 : 1];
    if ("n" in values && sentence.includes("|")) sentence = sentence.split("|")[isOne(values.n, french) ? 0 : 1];
    return sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  };
}

function isOne(n, french) {
  return french ? n < 2 : n === 1;
}
