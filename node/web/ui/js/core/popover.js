// A menu above the button that opens it, on every screen.

/** @param {HTMLElement} menu @param {HTMLElement} button */
export function above(menu, button) {
  const box = button.getBoundingClientRect();
  const room = window.innerWidth - menu.offsetWidth - 12;
  const end = Math.max(window.innerWidth - box.right - 40, 12);
  menu.style.insetBlockEnd = `${window.innerHeight - box.top + 10}px`;
  menu.style.insetInlineEnd = `${Math.max(Math.min(end, room), 0)}px`;
}
