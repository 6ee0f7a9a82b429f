// Whether the chat comes as the film does, or as it is written: a habit of the viewer.

import { Emitter } from "./emitter.js";
import { recall, remember } from "./prefs.js";

/** @extends {Emitter<{changed: boolean}>} */
class ChatTime extends Emitter {
  get asWritten() {
    return recall("asWritten", false);
  }

  set asWritten(now) {
    if (now === this.asWritten) return;
    remember("asWritten", now);
    this.emit("changed", now);
  }
}

export const chatTime = new ChatTime();
