// This page over HTTPS, which a node may answer to at the same address: only there a browser gives camera and microphone,
// but for pages of its own machine.

/** Whether the node answers to HTTPS. */
export const offered = () => "https" in document.documentElement.dataset;

/** A path of this node over HTTPS. @param {string} [path] */
export function secured(path = location.pathname) {
  const url = new URL(path, location.href);
  url.protocol = "https:";
  return url.href;
}

/** One for programs, which do not know the house's certificate. @param {string} path */
export function plain(path) {
  const url = new URL(path, location.href);
  if (offered()) url.protocol = "http:";
  return url.href;
}
