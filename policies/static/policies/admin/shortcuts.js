/* A key presses the button that names it in aria-keyshortcuts: first one of the same text, then
   one of the form. On a Mac, the command key takes the place of control, which moves the caret
   there; only together with the option key does control serve as well. */

const IS_MAC = /^Mac/.test(navigator.platform);

document.addEventListener("keydown", (event) => {
  if (event.getModifierState("AltGraph") || document.querySelector("dialog:modal")) return;
  if (!(event.ctrlKey && (!IS_MAC || event.altKey)) && !(event.metaKey && IS_MAC)) return;
  const button = named(pressed(event), event.target);
  if (!button) return;
  event.preventDefault();
  button.click();
});

function pressed({ key, code, altKey, shiftKey }) {
  const plain = /^[a-z]$/i.test(key) ? key.toUpperCase() : code.replace(/^(Key|Digit|Numpad)/, "");
  return ["Control", altKey && "Alt", shiftKey && "Shift", plain].filter(Boolean).join("+");
}

function named(keys, target) {
  const places = [target.closest?.(".fact"), document.querySelector(".save-row")];
  const buttons = places.flatMap((place) => [...(place?.querySelectorAll(NAMED) ?? [])]);
  return buttons.find((button) => keysOf(button).includes(keys));
}

const NAMED = "[aria-keyshortcuts]";
const keysOf = (button) => button.getAttribute("aria-keyshortcuts").split(" ");
