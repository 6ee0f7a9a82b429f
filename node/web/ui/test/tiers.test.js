// Memberships as they are typed, in whatever time zone the host lives.
import assert from "node:assert/strict";
import test from "node:test";
import { readTiers, writeTiers } from "../js/desk/tiers.js";

const ZONES = ["UTC", "Europe/Paris", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kathmandu", "Asia/Beirut"];

/** @param {(zone: string) => void} f */
function everywhere(f) {
  const home = process.env.TZ;
  for (const zone of ZONES) {
    process.env.TZ = zone;
    f(zone);
  }
  process.env.TZ = home ?? "";
  if (home === undefined) delete process.env.TZ;
}

test("a day survives being read and written, in any time zone", () => {
  everywhere((zone) => {
    for (const day of ["2027-01-01", "2026-03-29", "2026-10-25", "2028-02-29"]) {
      const { tiers } = readTiers(`prime@${day}`);
      const at = new Date(tiers[0].until);
      assert.equal(at.getDate(), Number(day.slice(8)), zone);
      assert.equal(writeTiers(tiers), `prime@${day}`, zone);
      assert.deepEqual(readTiers(writeTiers(tiers)).tiers, tiers, zone);
    }
  });
});

test("a day is its beginning: midnight here", () => {
  process.env.TZ = "Europe/Paris";
  assert.equal(readTiers("prime@2027-01-01").tiers[0].until, "2026-12-31T23:00:00.000Z");
  delete process.env.TZ;
});

test("an instant that is no midnight shows its time, and stays to the millisecond", () => {
  const old = [{ tier: "prime", until: "2026-12-31T23:17:05.250Z" }];
  everywhere((zone) => {
    const text = writeTiers(old);
    assert.match(text, /^prime@2027-01-01T|^prime@2026-12-31T/, zone);
    assert.deepEqual(readTiers(text, old).tiers, old, zone);
    assert.deepEqual(readTiers(`gold, ${text}`, old).tiers, [{ tier: "gold" }, ...old], zone);
    assert.equal(Date.parse(readTiers(text).tiers[0].until), Date.parse("2026-12-31T23:17:05Z"), zone);
  });
});

test("what is no day is refused, and nothing is read", () => {
  for (const part of ["prime@31.12.2026", "prime@2027-13-45", "prime@2027-02-29", "prime@", "prime@tomorrow", "prime@0000-01-01", "prime@2027-01-01T24:00", "prime@2027-01-01@x"]) {
    assert.deepEqual(readTiers(`gold, ${part}`), { tiers: [], wrong: "tierDay", part });
  }
  assert.equal(readTiers("@2027-01-01").wrong, "tierName");
  assert.equal(readTiers("gold!").wrong, "tierName");
  assert.equal(readTiers(Array.from({ length: 33 }, (_, i) => `t${i}`).join(" ")).wrong, "tierMany");
  assert.deepEqual(readTiers(" "), { tiers: [] });
});
