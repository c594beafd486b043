// Elements out of data. Text goes in as text and nothing is ever parsed, so no answer of an API becomes markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an HTML element.
 * @param {string} tag
 * @param {Object} attributes Functions are listeners; `null`, `undefined` and `false` leave an attribute out.
 * @param {...(Node|string|null|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Makes an SVG element, like `h`. */
export function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Tells a screen reader what has changed, without moving the focus. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** A message about what went wrong, with a button to try again where that makes sense. */
export function failure(error, retry) {
  const again = retry && h("button", { type: "button", click: retry }, "Try again");
  return h("div", { class: "notice bad", role: "alert" }, h("p", {}, error.message), again);
}

/**
 * Lets a form send once at a time.
 * @param {HTMLFormElement} form Its buttons are off, and it is told to be busy, while `work` goes on.
 */
export async function busyWhile(form, work) {
  const buttons = [...form.querySelectorAll("button")];
  form.setAttribute("aria-busy", "true");
  for (const button of buttons) button.disabled = true;
  try {
    return await work();
  } finally {
    form.removeAttribute("aria-busy");
    for (const button of buttons) button.disabled = false;
  }
}
