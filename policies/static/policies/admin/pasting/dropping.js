/* What no text can hold is left out, and `drop(name, count)` is told of it. */

import { removeAll, textsOf, unwrap } from "./html.js";

export function dropUseless(body, drop) {
  removeAll(body, "script, meta, link, title, noscript, template, xml, .Apple-interchange-newline");
  dropComments(body, drop);
  drop("deletions", removeAll(body, "del"));
  body.querySelectorAll("ins").forEach(unwrap);
  const hidden = "[hidden], [data-style*='display:none'], [data-style*='mso-hide:all']";
  drop("hidden", removeAll(body, hidden));
  drop("images", removeAll(body, "img, svg, canvas"));
  drop("objects", removeAll(body, "iframe, video, audio, object, embed"));
  drop("fields", removeAll(body, "input, select, textarea, button"));
  plainSpaces(body);
}

/* Word puts its comments below the text, each called from an anchor in it. */
function dropComments(body, drop) {
  const anchors = removeAll(body, ".MsoCommentReference, .msocomanchor");
  const comments = removeAll(body, "[data-style='mso-element:comment']");
  removeAll(body, "[data-style*='mso-element:comment-list']");
  drop("comments", comments || anchors);
}

/* Spaces as people type them: programs pad with no-break ones, and break words invisibly. */
function plainSpaces(body) {
  for (const text of textsOf(body)) {
    text.data = text.data.replace(/\u00a0/g, " ").replace(/[\u00ad\u200b\ufeff]/g, "");
  }
}
