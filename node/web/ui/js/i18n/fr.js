// Français. Les clés sont celles de en.js.

/** @type {Record<string, string>} */
export default {
  "film": "Film", "films": "Films", "camera": "Caméra", "chat": "Discussion", "message": "Message", "messagePlaceholder": "Dites quelque chose…", "send": "Envoyer", "react": "Réagir", "react.love": "J’adore", "react.laugh": "Rires", "react.gasp": "Stupeur", "react.cry": "Larmes", "react.clap": "Applaudissements", "react.fire": "Feu", "react.party": "Fête", "react.yes": "Pouce levé",
  "close": "Fermer", "off": "Aucun", "save": "Enregistrer", "saved": "Enregistré.", "menu": "Menu", "language": "Langue", "keyboard": "Clavier", "leave": "Quitter la soirée",
  "toTheatre": "S’asseoir dans la salle", "toDesk": "À la régie", "cancel": "Annuler", "copy": "Copier", "copied": "Copié", "dismiss": "Masquer",

  "doorTitle": "Prenez place", "doorLeadLink": "On vous attend. Quel nom afficher ?", "doorLeadPin": "Donnez votre nom et le PIN affiché chez l’hôte.", "doorLeadAgain": "Demandez un nouveau lien à l’hôte, ou entrez le PIN qu’il affiche.",
  "swapTitle": "Vous êtes déjà là, comme {name}", "swapLead": "Prendre plutôt cette invitation ?", "swapUse": "La prendre", "swapStay": "Rester {name}",
  "yourName": "Votre nom", "pin": "PIN", "pinHint": "Six chiffres, sur l’écran de l’hôte.", "join": "Rejoindre",

  "play": "Lecture", "pause": "Pause", "back10": "Reculer de 10 secondes", "ahead10": "Avancer de 10 secondes", "mute": "Couper le son", "unmute": "Remettre le son", "volume": "Volume",
  "subtitles": "Sous-titres", "drawn": "dans l’image", "textSize": "Taille du texte", "size.small": "Petite", "size.medium": "Moyenne", "size.large": "Grande", "place": "Emplacement", "place.bottom": "En bas", "place.top": "En haut", "sound": "Son",
  "timing": "Décalage", "timing.hint": "Trop tôt ou trop tard ? Déplacez jusqu’à ce que le texte suive les voix.", "timing.later": "{s} secondes plus tard", "timing.earlier": "{s} secondes plus tôt", "timing.none": "tels quels", "full": "Plein écran",
  "showChat": "Discussion", "hideChat": "Masquer la discussion", "filmControls": "Commandes du film", "position": "Position dans le film", "positionOf": "{at} sur {of}",
  "key.play": "lecture, pause", "key.seek": "reculer, avancer", "key.volume": "volume", "key.mute": "couper le son", "key.full": "plein écran", "key.chat": "discussion",

  "tap": "Touchez pour regarder", "buffering": "On rattrape les autres…", "nothingOn": "L’écran est noir", "nothingOnChoose": "Tout le monde est assis. Que regarde-t-on ?",
  "nothingOnWait": "L’hôte choisit un film. Installez-vous.", "chooseFilm": "Choisir un film", "onNow": "À l’écran", "upNext": "À suivre", "takeOut": "Retirer",
  "noCamera": "Personne à la caméra",

  "locked": "Verrouillé", "lockedUnknown": "Ce film ne vous est pas ouvert", "lockedStay": "Restez : la discussion est à vous, et le prochain film peut-être aussi.", "offline": "Absent pour l’instant",
  "offlineWhy": "L’hôte ne peut pas lire ce fichier : il manque, ou aucun navigateur n’en lit le format.", "unplayable": "Ce navigateur ne sait pas lire ce fichier.", "playable": "Ce qui passe partout : MP4 avec H.264 et AAC.", "playableWith": "Avec ffmpeg installé sur cette machine, watchparty rend de tels films lisibles.",
  "notInCatalog": "N’est plus au catalogue", "goneTitle": "Ce titre n’est plus au catalogue", "goneHint": "Remettez-le dans le fichier du catalogue, ou choisissez-en un autre.",
  "lock.WP-REGION": "Pas dans votre région", "lock.WP-MEMBERSHIP": "Réservé aux membres", "lock.WP-WINDOW": "Pas à cette date", "lock.WP-RATING": "Limite d’âge", "lock.WP-UNKNOWN": "Indisponible",

  "whatToWatch": "Que regarder", "search": "Rechercher", "noTitles": "Les rayons sont vides.", "nothingFound": "Rien de ce nom.", "allTitles": "Tous les titres", "seasons": "Saisons", "season": "Saison {s}",
  "episodeShort": "S{s} · É{e}", "episodes.one": "{n} épisode", "episodes.other": "{n} épisodes", "kind.film": "Films", "kind.series": "Séries", "kind.music": "Musique",
  "one.album": "Album", "tracks.one": "{n} titre", "tracks.other": "{n} titres", "trackList": "Morceaux", "disc": "Disque {n}", "playAlbum": "Lire l’album",
  "kind.sport": "Sport", "kind.live": "Direct", "one.film": "Film", "one.episode": "Épisode", "one.music": "Musique", "one.sport": "Sport", "one.live": "Direct",
  "watchNow": "Lancer pour tous", "putOnPaused": "Mettre, en pause", "enqueue": "Ajouter à la file",

  "whoIsHere": "Qui est là", "peopleHere.one": "{n} personne présente", "peopleHere.other": "{n} personnes présentes", "you": "vous", "andMore.one": "et {n} autre", "andMore.other": "et {n} autres", "findPerson": "Trouver quelqu’un", "here": "ici", "hereMpv": "ici, dans mpv", "away": "pas là",
  "mutedShort": "sans la parole", "muteMember": "Retirer la parole", "unmuteMember": "Rendre la parole", "remove": "Exclure", "removeSure": "Exclure pour de bon ?", "somebody": "Quelqu’un",
  "role.guest": "invité", "role.trusted": "invité de confiance", "role.moderator": "modérateur", "role.host": "hôte",

  "welcomeTo": "Bienvenue à {party}", "isTyping": "{name} écrit…", "severalTyping": "Plusieurs personnes écrivent…", "newMessages.one": "{n} nouveau message", "newMessages.other": "{n} nouveaux messages",
  "event.cue": "{name} a mis {title}", "event.cue.house": "À l’écran : {title}", "event.play": "{name} a lancé la lecture", "event.play.house": "Le film continue", "event.pause": "{name} a mis en pause à {at}",
  "event.pause.house": "En pause à {at}", "event.seek": "{name} va à {at}", "event.seek.house": "Déplacé à {at}", "event.end": "{title} est terminé", "event.wait": "L’hôte n’était pas là ; le film a attendu",
  "event.came": "{name} arrive", "event.went": "{name} s’en va", "event.renamed": "{name} s’appelle maintenant {to}", "event.removed": "{name} n’est plus de la soirée", "event.muted": "{name} n’a plus la parole",
  "event.unmuted": "{name} a de nouveau la parole", "event.queued": "{name} a ajouté {title} à la file", "event.role": "{name} est maintenant {role}", "event.resumed": "L’hôte est de retour", "event.ended": "La soirée est finie",
  "event.drive.guest": "Tout le monde peut piloter", "event.drive.trusted": "Les invités de confiance peuvent piloter", "event.drive.moderator": "L’hôte et les modérateurs pilotent", "event.drive.host": "L’hôte pilote seul",

  "live": "Direct", "toLive": "Revenir au direct", "live.opening": "Connexion à la source…", "live.silent": "La source ne donne rien. L’image revient d’elle-même.",
  "live.gone": "La source ne donne plus rien depuis un moment. On réessaie sans cesse ; l’hôte peut y regarder.", "live.full": "Le disque de l’hôte est plein, le direct ne peut donc pas être montré ; l’hôte peut faire de la place.",
  "event.live": "{name} revient au direct", "event.live.house": "Retour au direct",
  "waiting": "Attente", "wait.one": "On attend {name}", "wait.many.one": "On attend {name} et {n} autre", "wait.many.other": "On attend {name} et {n} autres", "wait.you": "Les autres vous attendent", "wait.youAnd.one": "Les autres vous attendent, vous et {n} autre", "wait.youAnd.other": "Les autres vous attendent, vous et {n} autres",
  "why.network": "son réseau est lent", "why.decoder": "son appareil décode encore", "why.silent": "aucune nouvelle", "why.mine.network": "votre réseau est lent", "why.mine.decoder": "cet appareil décode encore", "why.mine.silent": "aucune nouvelle d’ici",
  "wait.time": "depuis {time}", "wait.until": "Reprise dans {time}", "wait.now": "Reprise tout de suite", "wait.go": "Reprendre sans attendre", "wait.goMine": "Reprendre sans moi", "wait.voted": "Vous avez dit oui", "wait.tally": "{m} sur {of} disent oui",
  "coming.in.one": "Commence dans {n} seconde", "coming.in.other": "Commence dans {n} secondes", "coming.now": "Lancer maintenant", "coming.stay": "Pas maintenant",
  "missed": "Vous avez manqué {time}.", "missed.see": "Les voir : rester {time} derrière", "behind": "{time} derrière les autres", "behindLabel": "Derrière les autres", "catchUp": "Rattraper",
  "tune": "Son et image", "tune.sound": "Mon son a un retard de", "tune.hint": "Deux écrans dans la pièce ? Déplacez jusqu’à ne plus entendre d’écho.", "tune.reset": "Remettre à 0", "tune.screen": "Cet écran", "tune.step": "au pas", "tune.ahead": "{ms} ms en avance", "tune.late": "{ms} ms en retard",
  "event.waited": "Le film a attendu {name}", "event.waitedMore.one": "Le film a attendu {name} et {n} autre", "event.waitedMore.other": "Le film a attendu {name} et {n} autres",
  "event.policy.all": "Le film attend maintenant tout le monde, {time} au plus", "event.policy.go": "Le film n’attend plus personne", "event.policy.vote": "Le film attend maintenant que la majorité veuille reprendre",
  "policyLead": "Un écran n’est pas prêt quand le film doit partir, ou n’a plus d’image en cours de route :", "policy.all": "Attendre tout le monde", "policy.all.hint": "Le film part quand tous les écrans sont prêts, ou quand le temps est passé.", "policy.go": "Continuer", "policy.go.hint": "Personne n’attend ; qui est en retard rattrape tout seul.", "policy.vote": "Demander à la salle", "policy.vote.hint": "Il attend que la majorité de ceux qui sont prêts veuille reprendre, une minute au plus.",
  "patience": "Attendre au plus, en secondes", "tile.waiting.all": "Tous, {time} au plus", "tile.waiting.go": "Personne", "tile.waiting.vote": "Jusqu’à la majorité",
  "doing.behind": "reste derrière", "doing.because": "{doing} : {why}", "short.network": "réseau lent", "short.decoder": "décode encore", "short.silent": "sans nouvelles", "doing.waited": "on l’attend : {why}",
  "sync.now.one": "Synchro : la moitié à {p50} ms près, 95 % à {p95} ms près ({n} écran)", "sync.now.other": "Synchro : la moitié à {p50} ms près, 95 % à {p95} ms près ({n} écrans)", "sync.none": "Synchro : rien n’a joué depuis une minute", "sync.evening": "Toute la soirée : la moitié à {p50} ms près, 95 % à {p95} ms près",

  "reconnecting": "On cherche l’hôte…", "reconnectNow": "Réessayer tout de suite", "nodeGoneTitle": "Personne ne répond ici", "nodeGone": "Votre programme watchparty ne tourne plus. Relancez-le et ouvrez sa page.", "overTitle": "C’était une belle soirée", "overText": "La soirée est finie. Merci d’avoir été là.", "lookAgain": "Réessayer", "anotherParty": "Une autre soirée a-t-elle commencé ?",
  "removedTitle": "On vous a reconduit à la porte", "passTitle": "Votre entrée n’est plus valable", "stoppedTitle": "La soirée ne peut pas continuer ici", "toDoor": "À l’entrée",

  "desk": "Régie", "quickActions": "Actions rapides", "tile.film": "Choisir un film", "tile.film.hint.one": "{n} titre", "tile.film.hint.other": "{n} titres", "next": "Suivant", "nextEpisode": "Épisode suivant", "tile.next.none": "La file est vide",
  "invite": "Inviter", "tile.invite.hint": "Lien, code QR, PIN", "tile.camera.hint": "Image et son", "remote": "Télécommande", "catalog": "Catalogue", "catalogWell": "Tout va bien",
  "problems.one": "{n} problème", "problems.other": "{n} problèmes", "end": "Finir la soirée", "tile.end.hint": "Pour tous, pour de bon",
  "drive.guest": "Tout le monde", "drive.trusted": "Invités de confiance", "drive.moderator": "Hôte et modérateurs", "drive.host": "L’hôte seul", "driveLead": "Qui peut choisir, lancer, mettre en pause et se déplacer ?",
  "endLead": "Le film s’arrête et chacun voit un au revoir. La discussion reste dans l’historique.", "endSure": "Finir pour tout le monde", "newParty": "Commencer une autre soirée", "partyName": "Nom de la soirée", "newPartyHint": "Les mêmes personnes peuvent revenir aussitôt.",

  "inviteLead": "Scannez-le, ouvrez le lien, ou tapez le PIN à l’une des adresses.", "link": "Lien", "addresses": "Adresses", "qr": "Code QR du lien", "ownInvite": "Une invitation à ses propres conditions",
  "ownInviteHint": "Ce que le lien accorde : pour un ami à l’étranger, ou un membre.", "region": "Région", "regionHint": "Deux lettres, par exemple FR", "regionNone": "aucune région", "memberships": "Abonnements", "membershipsHint": "Séparés par des virgules",
  "role": "Rôle", "uses": "Utilisations", "validFor": "Valable", "ttl.1h": "une heure", "ttl.24h": "un jour", "ttl.168h": "une semaine", "makeLink": "Créer le lien", "validUntil": "Valable jusqu’au {when}", "anyNumber": "sans limite",

  "people": "Présents", "col.name": "Nom", "col.region": "Région", "col.tiers": "Abonnements", "col.drift": "Synchro", "col.state": "Activité", "manage": "Gérer {name}", "alone": "Personne d’autre pour l’instant. Invitez quelqu’un.",
  "doing.playing": "regarde", "doing.paused": "en pause", "doing.seeking": "se place", "doing.waiting": "charge", "doing.blocked": "doit toucher l’écran", "doing.away": "regarde ailleurs", "doing.locked": "n’y a pas accès", "none": "aucun",
  "rating": "Limite d’âge jusqu’à", "ratingHint": "0 : sans limite", "until": "jusqu’au", "grantSave": "Enregistrer région et abonnements", "tierName": "« {part} » n’est pas un nom d’abonnement : lettres, chiffres et tirets.",
  "tierDay": "« {part} » : ce jour n’existe pas. Écrivez par exemple prime@2027-01-01.", "tierMany": "Plus de 32 abonnements, c’est trop.", "tierNoDay": "Un lien accorde des abonnements sans fin : retirez {part}. Vous donnerez un jour à la personne ensuite.", "roleSave": "Changer le rôle", "untilHint": "Pour y mettre fin, un jour après @ : prime@2027-01-01",

  "catalogFile": "Fichier", "catalogDemo": "Les titres de démonstration intégrés", "catalogFine": "Rien à redire.", "catalogKept": "La dernière bonne version reste en vigueur jusqu’à la correction.", "line": "ligne {n}", "version": "Version {v}",

  "library": "Dossier des films", "libraryWatched": "Les nouveaux films arrivent d’eux-mêmes : {folders}", "libraryAll": "tout le dossier", "libraryUnwatched": "Les nouveaux films arrivent quand vous les cherchez. Avec une ligne watch: dans le catalogue, ils arrivent d’eux-mêmes.", "scan": "Chercher de nouveaux films", "scanning": "Recherche de nouveaux films", "scanned": "{done} nouveaux fichiers sur {of} examinés",
  "scanAdd.one": "L’ajouter au catalogue", "scanAdd.other": "En ajouter {n} au catalogue", "scanNew.one": "{n} nouveau titre, pas encore au catalogue :", "scanNew.other": "{n} nouveaux titres, pas encore au catalogue :", "scanAdded.one": "{n} nouveau titre est au catalogue :", "scanAdded.other": "{n} nouveaux titres sont au catalogue :", "scanNothing.one": "Rien de nouveau : {n} fichier, déjà au catalogue.", "scanNothing.other": "Rien de nouveau parmi {n} fichiers.", "scanMore.one": "et {n} autre", "scanMore.other": "et {n} autres", "scanOffline.one": "{n} fichier n’est pas là ; son titre reste au catalogue.", "scanOffline.other": "{n} fichiers ne sont pas là ; leurs titres restent au catalogue.", "scanLeft.one": "{n} fichier laissé de côté", "scanLeft.other": "{n} fichiers laissés de côté",
  "WP-SCAN-OFFLINE": "Le dossier des films n’est pas là, et rien n’a été changé. Branchez son disque ou corrigez « library: ».", "WP-SCAN-CATALOG": "Le catalogue a des erreurs et n’a pas été touché ; corrigez-les, puis recommencez.", "WP-SCAN-EDIT": "Le catalogue est écrit d’une façon que l’on ne peut compléter : un titre par ligne, chacun après « - ».", "WP-SCAN-CHANGED": "Le catalogue a été modifié entre-temps et a été laissé tel quel ; recommencez.", "WP-SCAN-WRITE": "Le catalogue ne peut être écrit ; voyez s’il reste de la place et qui peut l’écrire.", "WP-SCAN-MANY": "Il y a plus d’un million de fichiers ; ne surveillez que les dossiers des films.", "WP-SCAN-APART": "Un dossier surveillé n’est pas dans le dossier des films ; corrigez « watch: ».", "WP-SCAN-FOLDER": "Un dossier surveillé n’est pas là ; corrigez « watch: » ou branchez son disque.",
  "WP-SCAN-READ": "Ce fichier ne peut être lu ; voyez qui peut le lire.", "WP-SCAN-LINK": "Ce lien n’est pas suivi ; mettez le film lui-même à cet endroit.", "WP-SCAN-NAME": "Le nom de ce fichier ne peut figurer au catalogue ; renommez-le.", "WP-SCAN-EMPTY": "Ce fichier est vide ; remplacez-le par une copie entière.", "WP-SCAN-TWICE": "Cet épisode est là deux fois ; retirez l’un des deux ou renommez-le.", "WP-MEDIA-BROKEN": "Ce fichier ne peut être lu comme un film ; remplacez-le par une copie entière.",

  "cameraHere": "Cela reste sur cette machine : de quoi vérifier image et son avant la soirée.", "cameraInsecure": "Cette adresse n’autorise pas de caméra. Ouvrez la régie sur la machine hôte elle-même, à une adresse qui commence par localhost ou https.",
  "cameraNone": "Ce navigateur n’offre ni caméra ni micro.", "cameraAsk": "Allumer l’aperçu", "cameraStop": "Éteindre", "cameraDenied": "Le navigateur n’y est pas autorisé. Autorisez caméra et micro dans ses réglages pour cette page.",
  "cameraMissing": "Ni caméra ni micro n’ont été trouvés.", "cameraBusy": "La caméra sert déjà ailleurs.", "microphone": "Micro", "level": "Niveau sonore", "device": "Appareil {n}", "cameraOff": "Aperçu éteint", "noPicture": "Son seul",

  "WP-OFFLINE": "L’hôte est injoignable. Cet appareil est-il sur le même réseau ?", "WP-BROKEN": "Quelque chose a cassé. Réessayez dans un instant.", "WP-PIN-WRONG": "Ce n’est pas le bon PIN. Regardez encore l’écran de l’hôte.",
  "WP-PIN-ROTATED": "Trop d’essais : un nouveau PIN est affiché chez l’hôte.", "WP-INVITE-USED": "Cette invitation a déjà servi. Demandez-en une autre, ou prenez le PIN.", "WP-INVITE-EXPIRED": "Cette invitation a expiré. Demandez-en une autre, ou prenez le PIN.",
  "WP-INVITE-UNKNOWN": "Cette invitation est inconnue ici. Demandez-en une autre, ou prenez le PIN.", "WP-NAME": "Donnez un nom lisible, s’il vous plaît.", "WP-MUTED": "Vous n’avez pas la parole pour l’instant.", "WP-REMOVED": "On vous a retiré de cette soirée. Demandez une nouvelle invitation à l’hôte.",
  "WP-ENDED": "Cette soirée est finie.", "WP-FULL": "Toutes les places sont prises.", "WP-SLOW": "C’était un peu rapide. Attendez un instant.", "WP-HOST-AWAY": "L’hôte est injoignable pour l’instant. Cette page continue toute seule.", "WP-FORBIDDEN": "Vous n’avez pas le droit de faire cela ici.", "WP-PASS": "Revenez avec un lien ou le PIN.", "WP-VERSION": "La page est plus ancienne que l’hôte. Rechargez-la.", "WP-PROTO": "La page et l’hôte ne se sont pas compris. Rechargez-la.",
  "WP-MEDIA-GONE": "Le fichier est illisible pour l’instant.", "WP-UNKNOWN": "Ce n’est pas disponible ici.", "WP-FULL.enqueue": "La file est pleine : retirez d’abord quelque chose.", "WP-REFUSED": "L’hôte a refusé cela.",
  "WP-BAD.region": "Ce n’est pas une région : deux lettres de la norme ISO 3166-1, par exemple FR.", "WP-BAD.grant": "Un abonnement porte un nom court de lettres, chiffres et tirets ; la limite d’âge va de 0 à 21.",
  "WP-BAD.invite": "L’invitation n’est pas possible ainsi : vérifiez la durée et le nombre d’utilisations.", "WP-BAD.party": "Une soirée est en cours : finissez-la d’abord.", "WP-BAD.say": "Une ligne a de 1 à 500 caractères.",
  "WP-BAD.rename": "Donnez un nom lisible, s’il vous plaît.", "WP-BAD.seek": "Cette position n’est pas dans le film.", "WP-BAD": "L’hôte n’a pas compris la demande. Rechargez la page et réessayez.",
  "WP-SLOW.rename": "Vous avez assez changé de nom pour l’instant : attendez une minute.", "WP-SLOW.join": "Trop d’essais : attendez un moment, ou prenez le lien ou le code QR de l’hôte.",
  "WP-UNKNOWN.dequeue": "Ce n’est plus dans la file.", "WP-UNKNOWN.cue": "Ce titre n’est plus au catalogue.", "WP-UNKNOWN.enqueue": "Ce titre n’est plus au catalogue.",
  "WP-UNKNOWN.mute": "Cette personne n’est plus de la soirée.", "WP-UNKNOWN.unmute": "Cette personne n’est plus de la soirée.", "WP-UNKNOWN.remove": "Cette personne n’est plus de la soirée.", "WP-UNKNOWN.role": "Cette personne n’est plus de la soirée.", "WP-UNKNOWN.grant": "Cette personne n’est plus de la soirée.",
  "WP-REGION": "Ce titre n’est pas ouvert dans votre région.", "WP-MEMBERSHIP": "Ce titre est réservé aux membres.", "WP-WINDOW": "Ce titre n’est pas ouvert à cette date.", "WP-RATING": "Ce titre dépasse votre limite d’âge.",
  "WP-DISK-FULL": "Le disque de l’hôte est plein : rien ne peut être gardé pour l’instant. Le film continue.", "WP-CLOSING": "L’hôte s’arrête un moment. Cette page revient toute seule.", "WP-UNREACHABLE": "L’hôte est injoignable pour l’instant. Cette page continue toute seule.",
  "WP-HOST": "Cette adresse n’est pas celle de la soirée. Prenez le lien de l’hôte.", "WP-ORIGIN": "Cette demande vient d’une autre page. Prenez celle de la soirée.",
  "WP-NOTHING": "Rien n’est à l’écran : choisissez d’abord un film.", "WP-NOTHING.live": "Ce qui est à l’écran n’est pas un direct.", "WP-NOTHING.next": "Rien ne suit : la file est vide et il n’y a pas d’autre épisode.",
};
