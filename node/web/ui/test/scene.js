// A page's player in a simulated world, following a timeline that the test sets.
import { Follow } from "../js/core/follow.js";
import { position } from "../js/core/timeline.js";
import { FakePlayer, World } from "./world.js";

const OFFSET = 1763843200000; // host time minus local time

export function scene(change = () => {}, options = {}) {
  const world = new World();
  const player = new FakePlayer(world);
  change(player);
  const clock = { now: () => world.now + OFFSET };
  const said = [];
  const follow = new Follow(player, { clock, timers: world.timers, changed: (d) => said.push(d), ...options });
  const beat = () => {
    follow.tick();
    world.after(50, beat);
  };
  beat();
  let line = { title: "a", pos: 0, at: clock.now(), rate: 0, began: 1, length: 600 };
  const set = (more) => follow.set((line = { ...line, ...more }));
  const error = () => (player.currentTime - position(line, clock.now())) * 1000;
  const playAt = (lead = 300) => set({ pos: position(line, clock.now()), at: clock.now() + lead, rate: 1 });
  const pause = () => set({ pos: position(line, clock.now() + 150), at: clock.now() + 150, rate: 0 });
  return { world, player, clock, follow, said, set, error, playAt, pause, line: () => line };
}
