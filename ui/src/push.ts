// Messages to this browser: form[data-push] asks it to be told, puts what it gives into the field `to`, and is sent.
//
// data-push is the key by which the push service knows the house; data-push-refused and data-push-failed are words for
// [data-push-status]. Without script, or where a browser cannot be told, [data-push-missing] stays and says so.

import { all, isShared } from "./dom";

/** Where the worker is at home for it: no page lies there, so it answers for none. */
const SCOPE = "/push/";

export function startPush(): void {
  // What reaches a shared browser reaches whoever sits there.
  if (isShared() || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  for (const form of all<HTMLFormElement>("form[data-push]")) {
    for (const missing of all<HTMLElement>("[data-push-missing]", form)) missing.hidden = true;
    for (const button of all<HTMLButtonElement>("button[hidden]", form)) button.hidden = false;
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      void ask(form);
    });
  }
}

async function ask(form: HTMLFormElement): Promise<void> {
  const field = form.querySelector<HTMLInputElement>("input[name=to]");
  if (!field) return;
  const buttons = all<HTMLButtonElement>("button", form);
  for (const button of buttons) button.disabled = true;
  say(form, "");
  try {
    if ((await Notification.requestPermission()) === "granted") {
      field.value = JSON.stringify(await subscription(form.dataset["push"] ?? ""));
      form.submit();
      return;
    }
    say(form, form.dataset["pushRefused"] ?? "");
  } catch {
    say(form, form.dataset["pushFailed"] ?? "");
  }
  for (const button of buttons) button.disabled = false;
}

/** What this browser gives to be told, for the house with this key. */
async function subscription(key: string): Promise<PushSubscription> {
  const registered = await navigator.serviceWorker.register("/worker.js", { scope: SCOPE });
  await active(registered);
  const asked = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await registered.pushManager.subscribe(asked);
  } catch (error) {
    // A browser holds on to the key it was first asked with.
    const earlier = await registered.pushManager.getSubscription();
    if (!earlier) throw error;
    await earlier.unsubscribe();
    return registered.pushManager.subscribe(asked);
  }
}

/** Waits until the worker works: before that nothing can be asked for. */
function active(registered: ServiceWorkerRegistration): Promise<void> {
  const worker = registered.installing ?? registered.waiting;
  if (registered.active || !worker) return Promise.resolve();
  return new Promise((done) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated" || worker.state === "redundant") done();
    });
  });
}

function say(form: HTMLFormElement, message: string): void {
  for (const line of all<HTMLElement>("[data-push-status]", form)) line.textContent = message;
}
