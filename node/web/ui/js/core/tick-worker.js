// A clock that a hidden page cannot slow down: timers in a worker stay at full rate.

/** @type {any} */
const page = self;

page.onmessage = (/** @type {MessageEvent} */ e) => {
  const { id, ms, every } = e.data;
  if (every) setInterval(() => page.postMessage(id), every);
  else setTimeout(() => page.postMessage(id), ms);
};
