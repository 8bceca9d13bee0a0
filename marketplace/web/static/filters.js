// A wide screen has room for the filters; without this file they open at a press.
"use strict";
if (window.matchMedia("(min-width: 48rem)").matches) {
  document.querySelectorAll("details[data-wide]").forEach((part) => { part.open = true; });
}
