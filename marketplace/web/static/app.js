// Every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (element, text) => { if (element) element.textContent = text; };

  // The error summary is read first.
  all("[data-focus]").slice(0, 1).forEach((box) => box.focus());

  // Photos get smaller before they leave the phone; a canvas also drops the place the camera noted.
  const shrink = async (file, longest) => {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const factor = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * factor);
    canvas.height = Math.round(image.height * factor);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };
  const shrinking = new Map();
  const shrinkInput = async (input) => {
    const line = document.querySelector(`[data-progress-for="${input.id}"]`);
    const bag = new DataTransfer();
    for (const file of input.files) {
      say(line, input.dataset.working);
      let small = file;
      try { small = await shrink(file, Number(input.dataset.shrink)); } catch { /* HEIC: the server can */ }
      bag.items.add(small.size < file.size ? small : file);
    }
    input.files = bag.files;
    const size = [...bag.files].reduce((sum, file) => sum + file.size / 1024, 0);
    say(line, size ? input.dataset.ready.replace("{size}", Math.ceil(size)) : "");
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[data-shrink]") || !window.createImageBitmap) return;
    shrinking.set(input, shrinkInput(input).catch(() => {}).finally(() => shrinking.delete(input)));
  });

  // What was typed stays on the phone until the server has taken it.
  const kept = "kept:";
  const fields = (form) => [...form.elements].filter((field) =>
    field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type));
  const ticked = (field) => ["radio", "checkbox"].includes(field.type);
  const answers = (form) => fields(form).filter((field) => !ticked(field) || field.checked)
    .map((field) => [field.name, field.value]);
  const store = (work) => { try { return work(window.localStorage); } catch { return null; } };
  const keep = (form) => {
    store((local) => local.setItem(kept + form.dataset.autosave, JSON.stringify(answers(form))));
    status(navigator.onLine ? "kept" : "waiting");
  };
  const status = (word) => all("[data-status]").forEach((line) => say(line, line.dataset[word] || ""));
  const restore = (form) => {
    const typed = JSON.parse(store((local) => local.getItem(kept + form.dataset.autosave)) || "null");
    if (!typed || form.querySelector("[aria-invalid]")) return;
    for (const field of fields(form)) {
      const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
      if (ticked(field)) field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    status("kept");
  };
  const timers = new WeakMap();
  const later = (key, work, wait) => { clearTimeout(timers.get(key)); timers.set(key, setTimeout(work, wait)); };

  // The next page proves that the server took the form: only then drop the copy on the phone.
  const sent = "sent-form";
  store(() => {
    const key = sessionStorage.getItem(sent);
    if (key && !document.querySelector(`[data-focus],[type=password],form[data-autosave="${CSS.escape(key)}"]`)) {
      localStorage.removeItem(kept + key);
    }
    sessionStorage.removeItem(sent);
  });
  all("form[data-autosave]").forEach(restore);

  // The price guide follows what is typed; the last question wins.
  const guides = new WeakMap();
  const ask = async (form) => {
    const target = form.querySelector("[data-guidance]");
    if (!target) return;
    guides.get(form)?.abort();
    const stop = new AbortController();
    guides.set(form, stop);
    const query = new URLSearchParams(answers(form));
    const url = form.dataset.guidanceUrl;
    try {
      const answer = await fetch(url + (url.includes("?") ? "&" : "?") + query, { headers: { Accept: "text/html" }, signal: stop.signal });
      if (answer.ok) target.innerHTML = await answer.text();
    } catch { /* no network: the next page says the same */ }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    if (form.dataset.autosave) later(form, () => keep(form), 400);
    if (form.dataset.guidanceUrl) later(form.elements, () => ask(form), 300);
  });

  // A form is sent once, and only when its photos are ready.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sending) return event.preventDefault();
    const open = [...shrinking].filter(([input]) => input.form === form).map(([, work]) => work);
    if (open.length) {
      event.preventDefault();
      const { submitter } = event;
      Promise.all(open).then(() => form.requestSubmit(submitter));
      return;
    }
    clearTimeout(timers.get(form));
    form.dataset.sending = "yes";
    all("button[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    if (form.dataset.autosave) { keep(form); store(() => sessionStorage.setItem(sent, form.dataset.autosave)); }
  });
  // Back shows the page from memory.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sending]").forEach((form) => {
      delete form.dataset.sending;
      all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });
  window.addEventListener("offline", () => status("waiting"));
  window.addEventListener("online", () => status("kept"));
})();
