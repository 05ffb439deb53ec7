// Files: a check of size before sending, dropping onto the field, a bar while form[data-upload] is on its way.
//
// The form is sent with X-Komainu-Fragment: upload; answers: 200 {"location":"/…"} or 422 {"errors":{"field":"…"}}.
// The server stays the authority on size and type.

import { all, fieldError, word } from "./dom";

export function startUpload(): void {
  for (const input of all<HTMLInputElement>("input[type=file]")) {
    input.addEventListener("change", () => checkSize(input));
  }
  for (const area of all<HTMLElement>("[data-drop]")) drop(area);
  for (const form of all<HTMLFormElement>("form[data-upload]")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      sendForm(form, event.submitter);
    });
  }
}

function checkSize(input: HTMLInputElement): void {
  const most = Number(input.dataset["maxBytes"] ?? "0");
  const large = Array.from(input.files ?? []).find((file) => most > 0 && file.size > most);
  // The page's word has a sign where the number of megabytes belongs.
  const words = word("too-large").replace("%", String(Math.floor(most / 1_000_000)));
  fieldError(input.id, large ? `${large.name}: ${words}` : "");
  if (large) input.value = "";
}

function drop(area: HTMLElement): void {
  const input = area.querySelector<HTMLInputElement>("input[type=file]");
  if (!input) return;
  const mark = (over: boolean) => area.classList.toggle("upload--over", over);
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  area.addEventListener("dragleave", () => mark(false));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const files = event.dataTransfer?.files;
    if (!files || files.length === 0) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function sendForm(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const data = new FormData(form);
  if (submitter instanceof HTMLButtonElement && submitter.name !== "") data.append(submitter.name, submitter.value);
  const { line, bar } = progressLine(form);
  const buttons = all<HTMLButtonElement>("button", form);
  const finish = (message: string) => {
    line.textContent = message;
    bar.remove();
    for (const button of buttons) button.disabled = false;
  };
  for (const button of buttons) button.disabled = true;
  line.textContent = word("uploading");
  const request = new XMLHttpRequest();
  request.open("POST", form.getAttribute("action") || location.href);
  request.setRequestHeader("X-Komainu-Fragment", "upload");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
  });
  request.addEventListener("error", () => {
    finish(word("upload-failed"));
    (submitter ?? buttons[0])?.focus();
  });
  request.addEventListener("load", () => answered(form, request, finish));
  request.send(data);
}

function answered(form: HTMLFormElement, request: XMLHttpRequest, finish: (message: string) => void): void {
  let answer: { location?: string; errors?: Record<string, string> } = {};
  try {
    answer = JSON.parse(request.responseText) as typeof answer;
  } catch {
    // Told below as not sent: an answer that is none is a failure.
  }
  if (request.status === 200 && answer.location) {
    location.assign(answer.location);
    return;
  }
  const errors = answer.errors ?? {};
  const fields = all<HTMLInputElement>("input[id], textarea[id], select[id]", form);
  for (const field of fields) fieldError(field.id, errors[field.name] ?? "");
  finish(Object.keys(errors).length > 0 ? word("not-saved") : word("upload-failed"));
  // The button that was pressed lost the focus while it could not be used.
  (fields.find((field) => errors[field.name]) ?? form.querySelector("button"))?.focus();
}

function progressLine(form: HTMLFormElement): { line: HTMLElement; bar: HTMLProgressElement } {
  form.querySelector("[data-upload-line]")?.remove();
  const box = document.createElement("div");
  box.setAttribute("data-upload-line", "");
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.className = "bar";
  bar.setAttribute("aria-label", word("uploading"));
  box.append(line, bar);
  form.append(box);
  return { line, bar };
}
