// A small set of emoji that a film night needs, with names to find them by: the English one is also written :so:.

/** Table: of emoji, each with its English and its French name. @type {[string, string, string][]} */
const all = [
  ["😀", "grin", "sourire"], ["😂", "joy", "mdr"], ["🤣", "rofl", "pliée"], ["😊", "smile", "content"], ["😉", "wink", "clin d’œil"], ["😍", "heart_eyes", "amoureux"], ["🥰", "adore", "adore"], ["😎", "cool", "cool"],
  ["🤩", "wow", "étoiles"], ["😏", "smirk", "malin"], ["🙃", "upside_down", "envers"], ["😇", "angel", "ange"], ["🤔", "think", "réfléchit"], ["🤨", "doubt", "doute"], ["😐", "meh", "bof"], ["🙄", "eyeroll", "lassé"],
  ["😬", "grimace", "grimace"], ["😴", "sleep", "dort"], ["🥱", "yawn", "bâille"], ["😅", "sweat", "ouf"], ["😮", "gasp", "stupeur"], ["😱", "scream", "crie"], ["😨", "fear", "peur"], ["😳", "blush", "gêné"],
  ["🥺", "plead", "pitié"], ["😢", "cry", "larme"], ["😭", "sob", "pleure"], ["😤", "huff", "vexé"], ["😡", "angry", "colère"], ["🤯", "mind_blown", "explosé"], ["🫣", "peek", "n’ose pas regarder"], ["🤫", "hush", "chut"],
  ["🤢", "sick", "nausée"], ["💀", "skull", "mort de rire"], ["👻", "ghost", "fantôme"], ["🤡", "clown", "clown"], ["👽", "alien", "extraterrestre"], ["🤖", "robot", "robot"], ["🦈", "shark", "requin"], ["🐶", "dog", "chien"],
  ["🐱", "cat", "chat"], ["🦄", "unicorn", "licorne"], ["👍", "yes", "oui"], ["👎", "no", "non"], ["👏", "clap", "bravo"], ["🙌", "hooray", "hourra"], ["🙏", "please", "merci"], ["👋", "wave", "coucou"],
  ["🤝", "deal", "accord"], ["💪", "strong", "fort"], ["🤞", "luck", "chance"], ["🫶", "heart_hands", "cœur des mains"], ["👀", "eyes", "yeux"], ["❤️", "heart", "cœur"], ["💔", "broken_heart", "cœur brisé"], ["🔥", "fire", "feu"],
  ["✨", "sparkles", "brille"], ["🎉", "party", "fête"], ["💯", "hundred", "cent"], ["💥", "boom", "boum"], ["💤", "zzz", "sommeil"], ["🎬", "action", "moteur"], ["🎥", "camera", "caméra"], ["🍿", "popcorn", "pop-corn"],
  ["🍕", "pizza", "pizza"], ["🍷", "wine", "vin"], ["🍺", "beer", "bière"], ["☕", "coffee", "café"], ["🎵", "music", "musique"], ["⏸️", "pause", "pause"], ["🚨", "spoiler_alert", "alerte"], ["🌙", "moon", "lune"],
];

/** @typedef {{sign: string, name: string, also: string}} Emoji also: the French name */

/** @type {Emoji[]} */
export const emoji = all.map(([sign, name, also]) => ({ sign, name, also }));

const bare = (/** @type {string} */ text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("_", " ");

/** Those whose name has the word in it, with or without accents; first those that begin with it. @param {string} word */
export function findEmoji(word) {
  const want = bare(word.trim());
  const first = (/** @type {Emoji} */ e) => (bare(e.name).startsWith(want) || bare(e.also).startsWith(want) ? 0 : 1);
  return emoji.filter((e) => bare(e.name).includes(want) || bare(e.also).includes(want)).sort((a, b) => first(a) - first(b));
}

const byName = new Map(emoji.map((e) => [e.name, e.sign]));

/** A text with its :names: as signs, but those of the house's own emotes. @param {string} text @param {(name: string) => unknown} [own] */
export const withEmoji = (text, own) => text.replace(/:([a-z_]{2,24}):/g, (all, name) => (own?.(name) ? all : byName.get(name) ?? all));
