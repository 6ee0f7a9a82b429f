// The title of the tab: what is on, and how many lines call this viewer.

let words = "";
let marks = 0;

const put = () => (document.title = (marks ? `(${marks}) ` : "") + words);

/** @param {string} text */
export function entitle(text) {
  words = text;
  put();
}

/** @param {number} n */
export function markTitle(n) {
  if (n === marks) return;
  marks = n;
  put();
}
