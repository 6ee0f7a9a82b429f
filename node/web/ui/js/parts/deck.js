// A deck plays one title: an element with the source of its bytes, kept on a timeline. The film has
// one; music has two, so that the next track is ready before it begins.

import { Follow } from "../core/follow.js";
import { Source } from "./source.js";

/** @import {Title, Timeline} from "../core/types.js" */

const TAIL = 400; // ms that a track may sound on after the next began, should its file be a little longer than told

export class Deck {
  /** Whether the browser knows no way to its title. */
  unplayable = false;
  /** Whether it only plays its last moment. */
  leaving = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {ConstructorParameters<typeof Follow>[1]} world
   * @param {() => number} where seconds at which it will be watched
   */
  constructor(video, world, where) {
    this.video = video;
    this.source = new Source(video, where);
    this.follow = new Follow(video, world);
    this.source.on("none", () => (this.unplayable = true));
  }

  /** @param {Title|undefined} title */
  open(title) {
    this.unplayable = this.leaving = false;
    this.source.open(title);
  }

  /** Loads a title and begins it by itself when its time has come. @param {Title} title @param {Timeline} line */
  prime(title, line) {
    this.open(title);
    this.follow.set(line);
  }

  /** Lets go of the title. */
  empty() {
    this.follow.set(null);
    this.open(undefined);
  }

  /** Lets go of it once it has sounded to its end. @param {() => void} then */
  leave(then) {
    this.leaving = true;
    const { video } = this;
    const done = () => {
      clearTimeout(timer);
      video.removeEventListener("ended", done);
      if (!this.leaving) return; // it was opened again
      this.empty();
      then();
    };
    const timer = setTimeout(done, TAIL);
    video.addEventListener("ended", done);
    if (video.ended || video.paused) done();
  }
}
