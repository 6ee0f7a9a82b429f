// A QR code drawn from the rows the host computed: dark on light, with the quiet zone around it that
// scanners need (ISO/IEC 18004: four modules).

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

/** @param {string[]} rows of "0" and "1" @param {string} name */
export function qr(rows, name) {
  const size = (rows[0]?.length ?? 0) + 2 * QUIET;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("class", "qr");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", name);
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", rows.map((row, y) => runs(row, y + QUIET)).join(""));
  svg.append(path);
  return svg;
}

/** The dark runs of a row as rectangles. @param {string} row @param {number} y */
function runs(row, y) {
  return [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y}h${run[0].length}v1h-${run[0].length}z`).join("");
}
