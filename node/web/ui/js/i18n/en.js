// English. `{name}` is replaced; keys with `.one` and `.other` are plurals chosen by n; codes are
// what people read when the house refuses.

/** @type {Record<string, string>} */
export default {
  "film": "Film", "films": "Films", "camera": "Camera", "chat": "Chat", "message": "Message", "messagePlaceholder": "Say something…", "send": "Send", "react": "React", "react.love": "Love", "react.laugh": "Laughing", "react.gasp": "Gasping", "react.cry": "Crying", "react.clap": "Applause", "react.fire": "Fire", "react.party": "Celebration", "react.yes": "Thumb up",
  "close": "Close", "off": "Off", "save": "Save", "saved": "Saved.", "menu": "Menu", "language": "Language", "keyboard": "Keyboard", "leave": "Leave the party",
  "toTheatre": "Take a seat in the theatre", "toDesk": "To the desk", "cancel": "Cancel", "copy": "Copy", "copied": "Copied", "dismiss": "Dismiss",

  "doorTitle": "Take a seat", "doorLeadLink": "You are invited. What shall we call you?", "doorLeadPin": "Enter your name and the PIN your host shows.", "doorLeadAgain": "Ask your host for a new link, or enter the PIN they show.",
  "swapTitle": "You are already in as {name}", "swapLead": "Use this invitation instead?", "swapUse": "Use it", "swapStay": "Stay as {name}",
  "yourName": "Your name", "pin": "PIN", "pinHint": "Six digits, on the host’s screen.", "join": "Join",

  "play": "Play", "pause": "Pause", "back10": "Back 10 seconds", "ahead10": "Ahead 10 seconds", "mute": "Mute", "unmute": "Sound on", "volume": "Volume",
  "subtitles": "Subtitles", "drawn": "drawn into the picture", "textSize": "Text size", "size.small": "Small", "size.medium": "Medium", "size.large": "Large", "place": "Place", "place.bottom": "Bottom", "place.top": "Top", "sound": "Sound",
  "timing": "Timing", "timing.hint": "Too early or too late? Move it until words and voices match.", "timing.later": "{s} seconds later", "timing.earlier": "{s} seconds earlier", "timing.none": "as they were made", "full": "Full screen",
  "showChat": "Chat", "hideChat": "Hide the chat", "filmControls": "Film controls", "position": "Position in the film", "positionOf": "{at} of {of}",
  "key.play": "play, pause", "key.seek": "back, ahead", "key.volume": "volume", "key.mute": "mute", "key.full": "full screen", "key.chat": "chat",

  "tap": "Tap to watch", "buffering": "Catching up with the others…", "converting": "The host’s machine is converting the film…", "nothingOn": "The screen is dark", "nothingOnChoose": "Everyone is seated. What shall it be?",
  "nothingOnWait": "The host is choosing a film. Make yourself at home.", "chooseFilm": "Choose a film", "onNow": "On now", "upNext": "Up next", "takeOut": "Take out",
  "noCamera": "Nobody on camera",

  "locked": "Locked", "lockedUnknown": "You cannot watch this one", "lockedStay": "Stay: the chat is yours, and the next film may be too.", "offline": "Not there just now",
  "offlineWhy": "The host cannot play this file: it is missing, or of a kind that no browser reads.", "unplayable": "This browser cannot play this file.", "playable": "What plays everywhere: MP4 with H.264 and AAC.", "playableWith": "With ffmpeg installed on this machine, watchparty makes such films playable.",
  "notInCatalog": "No longer in the catalog", "goneTitle": "This title is no longer in the catalog", "goneHint": "Put it back into the catalog file, or choose another.",
  "lock.WP-REGION": "Not in your region", "lock.WP-MEMBERSHIP": "Members only", "lock.WP-WINDOW": "Not at this time", "lock.WP-RATING": "Age rating", "lock.WP-UNKNOWN": "Not available",

  "whatToWatch": "What to watch", "search": "Search", "noTitles": "The shelves are empty.", "nothingFound": "Nothing of that name.", "allTitles": "All titles", "seasons": "Seasons", "season": "Season {s}",
  "episodeShort": "S{s} · E{e}", "episodes.one": "{n} episode", "episodes.other": "{n} episodes", "kind.film": "Films", "kind.series": "Series", "kind.music": "Music",
  "one.album": "Album", "tracks.one": "{n} track", "tracks.other": "{n} tracks", "trackList": "Tracks", "disc": "Disc {n}", "playAlbum": "Play album",
  "kind.sport": "Sport", "kind.live": "Live", "one.film": "Film", "one.episode": "Episode", "one.music": "Music", "one.sport": "Sport", "one.live": "Live",
  "watchNow": "Play for everyone", "putOnPaused": "Put on, paused", "enqueue": "Add to the queue",

  "whoIsHere": "Who is here", "peopleHere.one": "{n} person here", "peopleHere.other": "{n} people here", "you": "you", "andMore.one": "and {n} more", "andMore.other": "and {n} more", "findPerson": "Find a person", "here": "here", "hereMpv": "here, in mpv", "away": "away",
  "mutedShort": "muted", "muteMember": "Mute", "unmuteMember": "Unmute", "remove": "Remove", "removeSure": "Remove for good?", "somebody": "Somebody",
  "role.guest": "guest", "role.trusted": "trusted guest", "role.moderator": "moderator", "role.host": "host",

  "cheer": "Cheer with Bits", "cheerHow": "Write Cheer100 anywhere in a line, or tap one. It cheers when you send it.", "cheerSound": "Sound when somebody cheers", "cheerBits.one": "Cheer {bits} Bit", "cheerBits.other": "Cheer {bits} Bits",
  "bits.one": "{bits} Bit", "bits.other": "{bits} Bits", "bitsOwn.one": "You have {bits} Bit", "bitsOwn.other": "You have {bits} Bits", "bitsReceived.one": "{bits} Bit in your box", "bitsReceived.other": "{bits} Bits in your box", "bitsHeld.one": "Has {bits} Bit. A minus takes some back.", "bitsHeld.other": "Has {bits} Bits. A minus takes some back.",
  "cheerCosts": "Cheers {bits} Bits; {left} left", "cheerShort": "Cheers {bits} Bits; you have {held}", "topCheers": "Top of the evening:", "giveBits": "Give", "given": "Given", "event.credited": "{name} was given {bits} Bits", "event.debited": "{bits} Bits of {name} were taken back",
  "badge.host": "Host", "badge.moderator": "Moderator", "badge.first": "First evening here", "badge.cheers": "Has cheered {bits} Bits and more", "badge.sub.one": "Subscriber for {n} month", "badge.sub.other": "Subscriber for {n} months",
  "sub": "Subscription", "subOpen": "Subscribe or give a month", "subLead": "A month costs {bits} Bits and puts a star beside your name; it grows with the months.", "subHost": "People subscribe to your channel with Bits. You can give them a month.", "subUntil": "Subscribed until {day}.", "subMonths.one": "{n} month so far.", "subMonths.other": "{n} months so far.", "subFrom": "You can add a month from {day} on.",
  "subSay": "Say something with it, if you like", "subBuy": "Subscribe for {bits} Bits", "subAdd": "Add a month for {bits} Bits", "subGiveTo": "Give a month to", "subGiveFor": "Give for {bits} Bits", "subChance.one": "{n} person here, by chance", "subChance.other": "{n} people here, by chance", "subDone": "You are subscribed. Thank you!", "subGiven": "Given. How kind!",
  "subbed.one": "Subscribed", "subbed.other": "Subscribed, {n} months so far", "subGave.one": "Gave a month to {names}", "subGave.other": "Gave {n} months: to {names}", "event.sub": "A month of subscription costs {bits} Bits now",
  "tile.bits": "{bits} for a month", "tariff.sub": "Bits for a month of subscription",
  "WP-SUB-OWN": "People subscribe to the host’s channel, so the host cannot.", "WP-SUB-RUNS": "That subscription still runs; a month can be added in its last week.", "WP-SUB-FEW": "Not so many are here without a subscription.",
  "WP-BITS": "There are not enough Bits for that.", "WP-CHEER-OWN": "Bits that are cheered go to the host, and that is you.",

  "welcomeTo": "Welcome to {party}", "isTyping": "{name} is writing…", "severalTyping": "Several people are writing…", "newMessages.one": "{n} new message", "newMessages.other": "{n} new messages",
  "event.cue": "{name} put on {title}", "event.cue.house": "Now: {title}", "event.play": "{name} pressed play", "event.play.house": "The film goes on", "event.pause": "{name} paused at {at}",
  "event.pause.house": "Paused at {at}", "event.seek": "{name} went to {at}", "event.seek.house": "Went to {at}", "event.end": "{title} has ended", "event.wait": "The host was away; the film waited",
  "event.came": "{name} came in", "event.went": "{name} left", "event.renamed": "{name} is now {to}", "event.removed": "{name} was shown the door", "event.muted": "{name} was muted",
  "event.unmuted": "{name} may talk again", "event.queued": "{name} added {title} to the queue", "event.role": "{name} is now {role}", "event.resumed": "The host is back", "event.ended": "The party is over",
  "event.drive.guest": "Everyone may drive now", "event.drive.trusted": "Trusted guests may drive now", "event.drive.moderator": "Host and moderators drive now", "event.drive.host": "Only the host drives now",

  "live": "Live", "toLive": "Back to live", "live.opening": "The source is being reached…", "live.silent": "The source is silent. The picture comes back by itself.",
  "live.gone": "Nothing has come from the source for a while. It is tried again and again; the host can look after it.", "live.full": "The host’s disk is full, so what is live cannot be shown; the host can make room.",
  "event.live": "{name} went back to live", "event.live.house": "Back to live",
  "waiting": "Waiting", "wait.one": "Waiting for {name}", "wait.many.one": "Waiting for {name} and {n} other", "wait.many.other": "Waiting for {name} and {n} others", "wait.you": "The others are waiting for you", "wait.youAnd.one": "The others are waiting for you and {n} other", "wait.youAnd.other": "The others are waiting for you and {n} others",
  "why.network": "their network is slow", "why.decoder": "their device is still decoding", "why.silent": "nothing heard from them", "why.convert": "the host’s machine is still converting it for them", "why.mine.convert": "the host’s machine is still converting it", "why.mine.network": "your network is slow", "why.mine.decoder": "this device is still decoding", "why.mine.silent": "nothing was heard from here",
  "wait.time": "for {time}", "wait.until": "Goes on in {time}", "wait.now": "Goes on now", "wait.go": "Go on without them", "wait.goMine": "Go on without me", "wait.voted": "You said go on", "wait.tally": "{m} of {of} say go on",
  "coming.in.one": "Begins in {n} second", "coming.in.other": "Begins in {n} seconds", "coming.now": "Play it now", "coming.stay": "Not now",
  "missed": "You missed {time}.", "missed.see": "See them: stay {time} behind", "behind": "{time} behind the others", "behindLabel": "Behind the others", "catchUp": "Catch up",
  "tune": "Sound and picture", "tune.sound": "My sound is late by", "tune.hint": "Two screens in one room? Move it until the echo is gone.", "tune.reset": "Reset", "tune.screen": "This screen", "tune.step": "in step", "tune.ahead": "{ms} ms ahead", "tune.late": "{ms} ms behind",
  "event.waited": "The film waited for {name}", "event.waitedMore.one": "The film waited for {name} and {n} other", "event.waitedMore.other": "The film waited for {name} and {n} others",
  "event.policy.all": "The film waits for everybody now, {time} at most", "event.policy.go": "The film waits for nobody now", "event.policy.vote": "The film waits now until most say go on",
  "policyLead": "Somebody’s screen is not ready when the film should start, or runs dry in the middle:", "policy.all": "Wait for everybody", "policy.all.hint": "The film goes on when all screens are ready, or when the time is up.", "policy.go": "Go on", "policy.go.hint": "Nobody waits; who is late catches up by themselves.", "policy.vote": "Ask the room", "policy.vote.hint": "It waits until most of those who are ready say go on, a minute at most.",
  "patience": "Wait at most, in seconds", "tile.waiting.all": "Everybody, up to {time}", "tile.waiting.go": "Nobody", "tile.waiting.vote": "Until most say go on",
  "doing.behind": "stays behind", "doing.because": "{doing}: {why}", "short.network": "slow network", "short.decoder": "still decoding", "short.convert": "being converted", "short.start": "just began", "short.silent": "nothing heard", "doing.waited": "waited for: {why}",
  "sync.now.one": "In sync: half within {p50} ms, 95 % within {p95} ms ({n} screen)", "sync.now.other": "In sync: half within {p50} ms, 95 % within {p95} ms ({n} screens)", "sync.none": "In sync: nothing has played in the last minute", "sync.evening": "The whole evening: half within {p50} ms, 95 % within {p95} ms",

  "reconnecting": "Looking for the host…", "reconnectNow": "Try again now", "nodeGoneTitle": "Nobody answers here", "nodeGone": "Your watchparty program is not running any more. Start it again and open its page.", "overTitle": "That was lovely", "overText": "The party is over. Thank you for coming.", "lookAgain": "Try again", "anotherParty": "Is another party on?",
  "removedTitle": "You were shown the door", "passTitle": "Your pass is no longer good", "stoppedTitle": "The party cannot go on here", "toDoor": "To the entrance",

  "desk": "Desk", "quickActions": "Quick actions", "tile.film": "Choose a film", "tile.film.hint.one": "{n} title", "tile.film.hint.other": "{n} titles", "next": "Next", "nextEpisode": "Next episode", "tile.next.none": "Nothing is queued",
  "invite": "Invite", "tile.invite.hint": "Link, QR code, PIN", "tile.camera.hint": "Picture and sound", "remote": "Remote control", "catalog": "Catalog", "catalogWell": "All well",
  "rehearsal": "Dress rehearsal", "tile.rehearsal.hint": "Who will see it, and how", "rehearsal.none": "No film is on yet. Each title in the catalog has its own rehearsal.", "rehearsal.nobody": "Nobody is here yet.",
  "rehearsal.well.one": "The one screen here will show it.", "rehearsal.well.other": "All {n} screens will show it.", "rehearsal.bad.one": "{n} of {of} screens will not show it well.", "rehearsal.bad.other": "{n} of {of} screens will not show it well.",
  "rehearsal.rate": "at most {n} Mbit/s from this machine", "rehearsal.convert.one": "{n} conversion, shared", "rehearsal.convert.other": "{n} conversions, shared", "rehearsal.load": "about {n} % of what this machine can convert",
  "rehearsal.drawn": "some subtitles are pictures: who chooses them has one more conversion made", "rehearsal.working.one": "{n} conversion runs now", "rehearsal.working.other": "{n} conversions run now", "rehearsal.queue.one": "{n} conversion waits", "rehearsal.queue.other": "{n} conversions wait",
  "lamp.green": "Good", "lamp.amber": "Perhaps", "lamp.red": "No",
  "way.file": "Plays the file as it is.", "way.copy": "Gets the picture as it is, in another container.", "way.convert": "Gets it converted, once for all who need that.", "way.slow": "Needs it converted, and this machine is too slow for that.",
  "way.none": "Cannot play it.", "way.unsaid": "Has not said yet what it can play.", "way.refused": "May not watch it.",
  "problems.one": "{n} problem", "problems.other": "{n} problems", "end": "End the party", "tile.end.hint": "For everyone, for good",
  "drive.guest": "Everyone", "drive.trusted": "Trusted guests", "drive.moderator": "Host and moderators", "drive.host": "Only the host", "driveLead": "Who may choose, play, pause and seek?",
  "endLead": "The film stops, and everybody sees a good-bye. The chat is kept in the history.", "endSure": "End it for everyone", "newParty": "Start a new party", "partyName": "Name of the party", "newPartyHint": "The same people can come straight in.",

  "inviteLead": "Scan it, open the link, or type the PIN at one of the addresses.", "link": "Link", "addresses": "Addresses", "qr": "QR code of the link", "addressCamera": "Address for guests with a camera", "addressWarns": "Their browser warns once; {where} says what to do.", "fingerprint": "Fingerprint of the certificate (SHA-256)", "ownInvite": "An invitation with its own terms",
  "ownInviteHint": "What the link itself grants: for a friend abroad, or a member.", "region": "Region", "regionHint": "Two letters, such as FR", "regionNone": "no region", "memberships": "Memberships", "membershipsHint": "Separated by commas",
  "role": "Role", "uses": "Uses", "validFor": "Valid for", "ttl.1h": "an hour", "ttl.24h": "a day", "ttl.168h": "a week", "makeLink": "Make the link", "validUntil": "Valid until {when}", "anyNumber": "any number",

  "people": "People", "col.name": "Name", "col.region": "Region", "col.tiers": "Memberships", "col.drift": "In sync", "col.state": "Doing", "manage": "Manage {name}", "alone": "Nobody else is here yet. Invite somebody.",
  "doing.playing": "watching", "doing.paused": "paused", "doing.seeking": "finding the place", "doing.waiting": "loading", "doing.blocked": "must tap once", "doing.away": "looks elsewhere", "doing.locked": "may not see this", "none": "none",
  "rating": "Age rating up to", "ratingHint": "0 for any", "until": "until", "grantSave": "Save region and memberships", "tierName": "“{part}” is no name of a membership: use letters, digits and dashes.",
  "tierDay": "“{part}” has no such day: write it like prime@2027-01-01.", "tierMany": "More than 32 memberships are too many.", "tierNoDay": "A link grants memberships without an end: leave out {part}. Give the person a day later.", "roleSave": "Change role", "untilHint": "Add a day after @ to end it: prime@2027-01-01",

  "catalogFile": "File", "catalogDemo": "The built-in demo titles", "catalogFine": "Nothing to complain about.", "catalogKept": "The last good version stays in force until this is mended.", "line": "line {n}", "version": "Version {v}",

  "library": "Folder of films", "libraryWatched": "New films come in by themselves: {folders}", "libraryAll": "the whole folder", "libraryUnwatched": "New films come in when you look for them. With a line watch: in the catalog they come by themselves.", "scan": "Look for new films", "scanning": "Looking for new films", "scanned": "{done} of {of} new files looked into",
  "scanAdd.one": "Add it to the catalog", "scanAdd.other": "Add {n} to the catalog", "scanNew.one": "{n} new title, not in the catalog yet:", "scanNew.other": "{n} new titles, not in the catalog yet:", "scanAdded.one": "{n} new title is in the catalog:", "scanAdded.other": "{n} new titles are in the catalog:", "scanNothing.one": "Nothing new: {n} file, and the catalog has it.", "scanNothing.other": "Nothing new among {n} files.", "scanMore.one": "and {n} more", "scanMore.other": "and {n} more", "scanOffline.one": "{n} file is not there now; its title stays in the catalog.", "scanOffline.other": "{n} files are not there now; their titles stay in the catalog.", "scanLeft.one": "{n} file left out", "scanLeft.other": "{n} files left out",

  "stageEnter": "Go on stage", "stageLeave": "Leave the stage", "stageLive": "You are on stage", "stageComing": "Going on stage…", "stageHushed": "On stage, not heard", "called": "The host asks you to the stage: your camera and microphone, beside the film.", "calledYes": "Look in the mirror first", "calledNo": "Not now", "facesHide": "Hide faces", "facesShow": "Show faces", "facesVolume": "Volume of the faces", "facesTap": "Turn on their sound", "callUp": "Call to the stage", "takeOff": "Take off the stage", "hushFace": "Hush on stage", "unhushFace": "Let be heard",
  "program": "From OBS or another program", "programHow": "Choose WHIP as the service, and enter these. Whoever has the key is you at this party, so show it to nobody.", "programServer": "Server", "programKey": "Bearer token",
  "cameraHere": "Only you see this until you go on stage. Nothing is recorded. T turns your microphone off and on; held, only while it is down.", "cameraInsecure": "A browser gives camera and microphone to pages of its own machine and over HTTPS. This address is neither.",
  "cameraHttps": "Open it over HTTPS", "cameraWarns": "The browser will warn, since no public authority knows this house.", "cameraTrust": "What to do then", "cameraAskHost": "Ask the host to start the party with --https: then there is a link here.",
  "cameraStart": "Start the party again with --https: then there is a link here.", "cameraNode": "A node of your own has a camera too: watchparty join, with the link you were sent.", "cameraLocal": "On the host machine itself the desk has a camera too, at the address that was printed there at the start. Or send from OBS.",
  "cameraNone": "This browser offers no camera or microphone.", "cameraAsk": "Turn on the preview", "cameraStop": "Turn it off", "cameraDenied": "The browser was not allowed to use them. Allow camera and microphone in its settings for this page.",
  "cameraMissing": "No camera and no microphone was found.", "cameraBusy": "The camera is in use elsewhere.", "microphone": "Microphone", "level": "Sound level", "device": "Device {n}", "cameraOff": "Preview is off", "noPicture": "Sound only",

  "trustTitle": "Camera and microphone over HTTPS", "trustLead": "A browser gives camera and microphone over HTTPS. No public authority knows this house, so yours will warn. There are two ways past that.", "trustBack": "Back to the party",
  "trustOn": "Go on past the warning", "trustOnHow": "Choose Advanced, then the way on to this address. In Chrome, Edge and others made from Chromium that is enough for the camera; another browser may want the second way.",
  "trustKnow": "Or make this house known to your device", "trustKnowHow": "Then nothing warns any more. First compare the fingerprint with the one on the host’s screen: somebody else on this network could have slipped you another certificate.", "trustTake": "Take the certificate",
  "trustApple": "iPhone and iPad", "trustAppleHow": "Open it in Safari and allow the profile. In the settings: General, VPN & Device Management, install it. Then General, About, Certificate Trust Settings: turn it on.",
  "trustAndroid": "Android", "trustAndroidHow": "In the settings look for “CA certificate”, under security and credentials, and choose the file.", "trustComputer": "A computer", "trustComputerHow": "Open the file and trust it as a root certificate for websites. Firefox keeps its own: Settings, Privacy & Security, View Certificates, Authorities, Import.",
  "trustMeans": "What trusting it means", "trustMeansWhat": "Whoever has this certificate’s key, which lies in the host’s data folder, can pose to your device as an address of any home network: 192.168…, 10…, names that end in .local. For sites of the internet the certificate says of itself that it is not valid. When you come here no more, take it off your device at the same place.",

  "WP-OFFLINE": "The host cannot be reached. Is this device in the same network?", "WP-BROKEN": "Something broke. Try again in a moment.", "WP-PIN-WRONG": "That is not the PIN. Look at the host’s screen again.",
  "WP-PIN-ROTATED": "Too many wrong tries: there is a new PIN on the host’s screen.", "WP-INVITE-USED": "This invitation has been used already. Ask for another, or use the PIN.", "WP-INVITE-EXPIRED": "This invitation has run out. Ask for another, or use the PIN.",
  "WP-INVITE-UNKNOWN": "This invitation is not known here. Ask for another, or use the PIN.", "WP-NAME": "Please give a name that can be read.", "WP-MUTED": "You are muted for now.", "WP-REMOVED": "You were removed from this party. Ask the host for a new invitation.",
  "WP-ENDED": "This party is over.", "WP-FULL": "Every seat is taken just now.", "WP-SLOW": "That was a bit fast. Wait a moment.", "WP-HOST-AWAY": "The host cannot be reached just now. This page goes on by itself.", "WP-PASS": "Come in again with a link or the PIN.", "WP-VERSION": "The page is older than the host. Load it again.", "WP-PROTO": "The page and the host did not understand each other. Load it again.",
  "WP-MEDIA-GONE": "The file cannot be read just now.", "WP-UNKNOWN": "That is not available here.", "WP-FULL.enqueue": "The queue is full: take something out first.", "WP-REFUSED": "The host refused that.",
  "WP-BAD.region": "That is no region: use two letters of ISO 3166-1, such as FR.",
};
