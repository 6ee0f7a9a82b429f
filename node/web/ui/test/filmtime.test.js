// Who sees which line when.
import assert from "node:assert/strict";
import test from "node:test";
import { FilmTime, SLACK, ahead } from "../js/core/filmtime.js";

const line = (seq, pos, more = {}) => ({ seq, at: seq, by: "ann", text: `${seq}`, title: "film", pos, ...more });
const at = (seconds, more = {}) => ({ title: "film", at: seconds, me: "me", asWritten: false, ...more });
const seqs = (lines) => lines.map((m) => (m.line ?? m).seq);

test("a line waits for who has not come to it", () => {
  assert.ok(ahead(line(1, 60), at(50)));
  assert.ok(!ahead(line(1, 60), at(60)));
  assert.ok(!ahead(line(1, 60), at(60 - SLACK)), "whoever is with the others hears them at once");
});

test("what has no place in this film waits for nobody", () => {
  for (const free of [line(1, 60, { title: undefined }), line(1, 60, { title: "other" }), line(1, 60, { still: true }), line(1, 60, { by: "me" })]) assert.ok(!ahead(free, at(0)));
  assert.ok(!ahead(line(1, 60), at(0, { asWritten: true })));
  assert.ok(!ahead(line(1, 60), at(0, { title: undefined })), "who sees no film reads it as it is written");
});

test("a line of a past evening comes in film time alone", () => {
  const old = line(1, 60, { evening: "e", still: true, by: "me" });
  assert.ok(ahead(old, at(59.9, { asWritten: true })));
  assert.ok(!ahead(old, at(60)));
  assert.ok(ahead(old, at(99, { title: "other" })) && ahead(old, at(99, { title: undefined })));
});

test("lines come as the film does, are hidden when it goes back, and are read aloud once", () => {
  const f = new FilmTime();
  assert.equal(f.waits(line(1, 5), at(10)), false);
  for (const [seq, pos] of [[2, 30], [3, 20], [4, 15]]) assert.equal(f.waits(line(seq, pos), at(10)), true);
  assert.equal(f.count, 3);
  assert.deepEqual(f.look(at(12)), { hide: [], show: [] });
  const first = f.look(at(20));
  assert.deepEqual([seqs(first.show), first.show.map((s) => s.quiet)], [[4, 3], [false, false]]);
  assert.equal(f.count, 1);
  const back = f.look(at(1));
  assert.deepEqual([seqs(back.hide), f.count], [[1, 4, 3], 4]);
  const again = f.look(at(40));
  assert.deepEqual([seqs(again.show), again.show.map((s) => s.quiet)], [[1, 4, 3, 2], [true, true, true, true]], "the last was skipped");
  assert.equal(f.count, 0);
});

test("what stood still is not hidden, and reading as it is written shows all", () => {
  const f = new FilmTime();
  f.waits(line(1, 50, { still: true }), at(50));
  f.waits(line(2, 50), at(50));
  assert.deepEqual(seqs(f.look(at(3)).hide), [2]);
  assert.deepEqual(seqs(f.look(at(3, { asWritten: true })).show), [2]);
  assert.deepEqual(seqs(f.look(at(3)).hide), [2]);
});

test("a past evening is taken in and dropped whole", () => {
  const f = new FilmTime();
  f.add([line(9, 30, { evening: "e" }), line(8, 10, { evening: "e" })]);
  f.waits(line(1, 12), at(11));
  assert.equal(f.count, 0, "only lines of this evening are told of");
  assert.deepEqual(seqs(f.look(at(15)).show), [8]);
  f.again();
  assert.deepEqual(f.look(at(15)).show.map((s) => [s.line.seq, s.quiet]), [[8, true]], "drawn anew it is no news");
  assert.deepEqual(seqs(f.drop((m) => m.evening === "e")), [8]);
  assert.deepEqual(f.look(at(99)), { hide: [], show: [] });
});

test("of one moment the past evening comes first, then the order of writing", () => {
  const f = new FilmTime();
  for (const m of [line(5, 30), line(4, 30), line(9, 30, { evening: "e" })]) f.waits(m, at(0));
  assert.deepEqual(seqs(f.look(at(30)).show), [9, 4, 5]);
});

test("a line that was deleted while it waited comes without its text, also when it is hidden and comes again", () => {
  const f = new FilmTime();
  f.waits(line(1, 30), at(10));
  f.waits(line(2, 5), at(10));
  for (const seq of [1, 2]) f.erase(seq);
  assert.deepEqual(f.look(at(30)).show.map((x) => x.line.text), [""]);
  f.look(at(0));
  assert.deepEqual(f.look(at(30)).show.map((x) => x.line.text), ["", ""]);
});
