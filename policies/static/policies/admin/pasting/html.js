/* HTML from the clipboard as a document that runs, loads and styles nothing. */

export const BLOCKS = `address, article, aside, blockquote, div, dl, dd, dt, figure, figcaption,
  footer, h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, section, table, ul`;
export const HEADINGS = "h1, h2, h3, h4, h5, h6";

/* Styles and handlers get another name: the page's policy complains of them, even in here. */
export function parsed(html) {
  const inert = html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)(?=\s*=)/gi, " data-$1"));
  const { body } = new DOMParser().parseFromString(inert, "text/html");
  for (const element of body.querySelectorAll("[data-style]")) {
    element.dataset.style = element.dataset.style.toLowerCase().replace(/\s+/g, "");
  }
  return body;
}

export function make(name, like) {
  return like.ownerDocument.createElement(name);
}

export function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

export function retag(element, name) {
  const made = make(name, element);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

/* How many there were; one inside another counts once. */
export function removeAll(body, selector) {
  const outer = [...body.querySelectorAll(selector)].filter(
    (element) => !element.parentElement.closest(selector),
  );
  for (const element of outer) element.remove();
  return outer.length;
}

export function textsOf(element) {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}
