// The shapes of docs/protocol.md, for the type checker only.

/** @typedef {"guest"|"trusted"|"moderator"|"host"} Role */
/** @typedef {{tier: string, until?: string}} Membership */
/** @typedef {{id: string, kind: string}} Screen */
/**
 * @typedef {object} Member
 * @property {string} id
 * @property {string} name
 * @property {Role} role
 * @property {string} region
 * @property {Membership[]} tiers
 * @property {number} [rating]
 * @property {Screen[]} screens
 * @property {boolean} [muted]
 * @property {number} [mutedUntil] a time-out's end, Unix milliseconds
 * @property {number} [spoke] last line in slow mode, Unix milliseconds
 * @property {boolean} [removed]
 * @property {boolean} [banned]
 * @property {number} [people] before their screens, as they say; absent: one
 * @property {boolean} [first] their first evening here
 * @property {number} [cheered] Bits given to the host at this party
 * @property {number} [bits] what they hold
 * @property {number} [ever] Bits cheered, at all parties
 * @property {number} [months] of subscription
 * @property {number} [until] end of the subscription, Unix milliseconds
 * @property {number} [week] of the last allowance, as in 202648
 */
/**
 * Where the film is: at `pos` seconds at host time `at` (Unix milliseconds), `rate` 0 paused. With `hold` it waits
 * at `pos` for who is not ready, until then at the latest.
 * @typedef {{title?: string, pos: number, at: number, rate: number, began?: number, length?: number, hold?: number}} Timeline
 */
/** @typedef {{drive: Role, vote?: boolean, wait?: "all"|"go"|"vote", patience?: number, sub?: number, least?: number, weekly?: number, noTrain?: boolean}} Policy sub: Bits for a month, 500 where absent */
/**
 * A line of the chat; `still`: said while the film stood still; `evening`: said at that past one, by `name`. `re`: the line it answers, which one of a past evening brings along as `answered`; `me`: what one does rather than says. With `months` of somebody who subscribed, with `gifts` of somebody who gave subscriptions: `text` may be empty.
 * @typedef {{seq: number, at: number, by: string, text: string, gone?: boolean, title?: string, pos?: number, still?: boolean, bits?: number, months?: number, gifts?: {member: string, name?: string}[], evening?: string, name?: string, re?: number, me?: boolean, answered?: {by: string, name?: string, text: string}}} Message
 */
/** @typedef {{slow?: number, known?: ""|"chat"|"ask"|"door", noLinks?: boolean, words?: string[]}} Rules slow: seconds */
/** @typedef {{seq: number, at: number, by: string, what: string, member?: string, name?: string, until?: number, role?: string, rules?: Rules, why?: string}} Act of a moderator's */
/**
 * What was said and felt at one evening over one title, in the film's order; `pos` in seconds.
 * @typedef {{evening: string, name: string, opened: number, title: string, bursts?: {pos: number, with: string, n: number}[],
 *   lines: {seq: number, at: number, by?: string, name?: string, text?: string, pos?: number, still?: boolean, bits?: number, re?: number, me?: boolean, months?: number, gifts?: string[]}[]}} Reel
 */
/** @typedef {{id: string, title: string, by: string}} Queued */
/** @typedef {{member: string, since?: number, hushed?: boolean}} Face somebody on stage, or called up to it */
/**
 * @typedef {object} State
 * @property {string} id
 * @property {string} name
 * @property {number} seq
 * @property {number} opened
 * @property {number} [ended]
 * @property {Policy} policy
 * @property {Record<string, Member>} members
 * @property {Timeline} timeline
 * @property {Queued[]} queue
 * @property {string[]} [out] who of those present may not watch what is on
 * @property {Record<string, number>} [in] who may only since, Unix milliseconds
 * @property {Rules} [rules] of the chat and the door
 * @property {Message[]} messages
 * @property {Message & {pinner: string}} [pinned] the line on top
 * @property {string[]} [urged] who wants a held start to go on
 * @property {Coming} [coming]
 * @property {Ballot} [ballot] what is voted on
 * @property {Poll} [poll] what was asked last
 * @property {import("./motion.js").Motion} [motion] what the room was asked last about the film
 * @property {Prediction} [prediction] on which Bits were put last
 * @property {{title: string, evening: string, name?: string, opened?: number}} [recalled] the past evening whose chat comes again
 * @property {EveningSum} [evening] what it came to, once it has ended
 * @property {Face[]} [stage] whose cameras are on, or may be
 * @property {{bits: number, text: string, got: number, reached?: number}} [goal]
 * @property {{level: number, bits: number, until: number}} [train] the hype train that runs, or ran last
 * @property {{by: string, at: number, bits: number}[]} [given] lately, that may set one going
 * @property {number[]} [drift] how often screens were how far off
 */
/**
 * A question; `votes` are places in `options`. Closed, it stays with its result until the next.
 * @typedef {{id: string, by: string, question: string, options: string[], many?: boolean, late?: boolean, until?: number, votes?: Record<string, number[]>, closed?: number, counts?: number[], of?: number}} Poll
 */
/**
 * A question on whose answer Bits are put. Settled, it stays with its result until the next.
 * @typedef {{id: string, by: string, question: string, outcomes: string[], until?: number, locked?: boolean, stakes?: {member: string, outcome: number, bits: number}[],
 *   settled?: number, outcome?: number, back?: boolean, paid?: Record<string, number>}} Prediction
 */
/** @typedef {{title: string, code: string, region?: string}} Bar */
/** @typedef {{title: string, at: number, ran: number, watched: number, length: number, pace?: number[], waits?: number, waited?: number}} ShownSum seconds; pace: lines said in each part of it */
/**
 * @typedef {{lasted: number, ran: number, watched: number, ever?: number, peak: number, people: {member: string, here: number, watched: number, people?: number}[], shown: ShownSum[],
 *   lines: number, bits?: number, waits?: number, waited?: number, drift95: number, reports: number}} EveningSum seconds; drift95 is in ms
 */
/** @typedef {{id: string, by: string, titles: string[], until?: number, votes?: Record<string, string[]>, vetoes?: Record<string, string>, barred?: Bar[]}} Ballot */
/** @typedef {{seq: number, at: number, by?: string, nonce?: string} & Record<string, any>} PartyRecord */
/** @typedef {{key: string, lang: string, label: string, inside?: boolean, drawn?: boolean}} Subtitle drawn: pictures, which come in the film's own */
/**
 * What the file is, as a type with codecs, and whether the host can make it playable by HLS.
 * @typedef {{mime: string, hls?: boolean, thumbs?: Thumbs, sounds?: import("./sounds.js").Heard[]}} Play
 */
/**
 * How the small pictures of a film lie on sheets, row by row: one every so many seconds, so many of all.
 * @typedef {{every: number, count: number, across: number, down: number, width: number, height: number}} Thumbs
 */
/**
 * Where the recording of a live title stands: its position 0 was at the edge at host time `zero`, pictures are kept from `from`
 * seconds on; `state` is what the source gives.
 * @typedef {{zero?: number, from?: number, state?: "opening"|"on"|"silent"|"gone"|"full"}} Broadcast
 */
/** @typedef {{title: string, at: number}} Coming the title that begins by itself at host time `at`: an episode, or the track that follows the one that runs */
/**
 * @typedef {object} Title
 * @property {string} id
 * @property {string} title
 * @property {string} kind
 * @property {number} [year]
 * @property {number} [duration] seconds
 * @property {boolean} allowed
 * @property {string} [code]
 * @property {string} [reason]
 * @property {string} [poster]
 * @property {string} [series]
 * @property {string} [seriesTitle]
 * @property {number} [season]
 * @property {number} [episode]
 * @property {string} [artist]
 * @property {string} [album]
 * @property {string} [albumTitle]
 * @property {string} [albumArtist]
 * @property {number} [disc]
 * @property {number} [track]
 * @property {string} [synopsis]
 * @property {number} [rating]
 * @property {boolean} [offline]
 * @property {Subtitle[]} [subtitles]
 * @property {Play} [play] absent where the host has not looked
 * @property {Broadcast} [live] it comes from a live source
 */
/**
 * Who this page is, as `GET /api/me` and `POST /api/join` tell.
 * @typedef {{member: string, name: string, role: Role, region: string, tiers: any[], party: string, partyName?: string, token: string, node?: string, owner?: boolean, roads?: {control: string, media: string}}} Me
 */
/** @typedef {{nonce: string, kind: string, body: any, at: number, seq?: number, code?: string, reason?: string}} Wish */

export {};
