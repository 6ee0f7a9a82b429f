// What stands beside a name: the role, months of subscription, cheers, the first evening. Worked out from what is
// known of the member, so it is the same on every page.

import { tier } from "./bits.js";

/** @import {Member, Policy} from "./types.js" */

const DAY = 86400000; // ms
const RENEWAL = 7 * DAY; // before its end a subscription can be gone on with: as in node/party/subs.go
const USUAL = 500; // Bits for a month where the host has not said

/** From how many months on a subscriber's star grows. */
export const MONTHS = [12, 6, 3, 1];
const SHINES = 100; // Bits cheered altogether, from which on it shows

/** @param {Policy} policy */
export const price = ({ sub }) => sub || USUAL;

/** @param {Member|undefined} m @param {number} now */
export const subscriber = (m, now) => (m?.until ?? 0) > now;

/** Whether no month can be added yet. @param {Member|undefined} m @param {number} now */
export const subscribed = (m, now) => subscriber(m, now + RENEWAL);

/** When a month can be added. @param {Member} m */
export const renewable = (m) => (m.until ?? 0) - RENEWAL;

/**
 * @param {Member|undefined} m
 * @param {number} now host time, ms
 * @returns {{kind: "host"|"moderator"|"sub"|"cheers"|"first", level: number}[]} level: months or Bits
 */
export function badgesOf(m, now) {
  /** @type {ReturnType<typeof badgesOf>} */
  const all = [];
  if (!m) return all;
  if (m.role === "host" || m.role === "moderator") all.push({ kind: m.role, level: 0 });
  if (subscriber(m, now)) all.push({ kind: "sub", level: MONTHS.find((n) => (m.months ?? 0) >= n) ?? 1 });
  if ((m.ever ?? 0) >= SHINES) all.push({ kind: "cheers", level: tier(m.ever ?? 0) });
  if (m.first) all.push({ kind: "first", level: 0 });
  return all;
}

/**
 * Who can be given a subscription: each of them by name, those who are here by chance.
 * @param {Record<string, Member>} members
 * @param {string} me
 * @param {number} now
 */
export function receivers(members, me, now) {
  const all = Object.values(members).filter((m) => m.id !== me && m.role !== "host" && !m.removed && !subscribed(m, now));
  return { all, here: all.filter((m) => m.screens?.length).length };
}
