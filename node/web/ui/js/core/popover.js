// A menu next to the button that opens it, on every screen.

const MUCH = 480; // px that every menu of ours finds enough
const GAP = 10; // px between menu and button
const EDGE = 12; // px between menu and screen

/**
 * Above its button, or below where there is little room above and more below, as on a phone held upright; never
 * higher than the room.
 * @param {HTMLElement} menu @param {HTMLElement} button
 */
export function beside(menu, button) {
  const box = button.getBoundingClientRect();
  const up = box.top - GAP - EDGE;
  const down = window.innerHeight - box.bottom - GAP - EDGE;
  const above = up >= MUCH || up >= down;
  const room = window.innerWidth - menu.offsetWidth - EDGE;
  const end = Math.max(window.innerWidth - box.right - 40, EDGE);
  menu.style.insetBlockStart = above ? "auto" : `${box.bottom + GAP}px`;
  menu.style.insetBlockEnd = above ? `${window.innerHeight - box.top + GAP}px` : "auto";
  menu.style.maxBlockSize = `${above ? up : down}px`;
  menu.style.insetInlineEnd = `${Math.max(Math.min(end, room), 0)}px`;
}
