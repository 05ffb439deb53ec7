// Passkeys: form[data-passkey="create"|"get"] asks the device, puts its answer into the field `credential`, and is sent.
//
// What the device is asked comes by POST from data-passkey-options (X-Komainu-Fragment: passkey) as JSON, bytes in
// base64url; the answer goes back the same way. The server judges it; here nothing is decided.

import { all } from "./dom";

type Json = Record<string, unknown>;

export function startPasskeys(): void {
  if (typeof PublicKeyCredential === "undefined" || !navigator.credentials) return;
  for (const form of all<HTMLFormElement>("form[data-passkey]")) {
    for (const missing of all<HTMLElement>("[data-passkey-missing]", form)) missing.hidden = true;
    for (const button of all<HTMLButtonElement>("button[hidden]", form)) button.hidden = false;
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      void ask(form);
    });
  }
}

async function ask(form: HTMLFormElement): Promise<void> {
  const buttons = all<HTMLButtonElement>("button", form);
  const field = form.querySelector<HTMLInputElement>("input[name=credential]");
  if (!field) return;
  for (const button of buttons) button.disabled = true;
  say(form, "");
  try {
    const options = await fetched(form);
    field.value = JSON.stringify(form.dataset["passkey"] === "create" ? await create(options) : await get(options));
    form.submit();
  } catch (error) {
    say(form, reason(form, error));
    for (const button of buttons) button.disabled = false;
  }
}

/** A refusal that the server has put into words. */
class Refusal extends Error {}

async function fetched(form: HTMLFormElement): Promise<Json> {
  const response = await fetch(form.dataset["passkeyOptions"] ?? "", {
    method: "POST",
    body: new URLSearchParams({ csrf: form.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "" }),
    headers: { "X-Komainu-Fragment": "passkey" },
    credentials: "same-origin",
  });
  const answer = (await response.json()) as Json;
  if (response.ok) return answer;
  const error = answer["error"] as { message?: string; do?: string } | undefined;
  throw new Refusal(error ? `${error.message ?? ""} ${error.do ?? ""}` : "");
}

async function create(options: Json): Promise<Json> {
  const user = options["user"] as Json;
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: known(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    ...named(made),
    response: {
      attestationObject: text(answer.attestationObject),
      clientDataJSON: text(answer.clientDataJSON),
      transports: answer.getTransports ? answer.getTransports() : [],
    },
  };
}

async function get(options: Json): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    allowCredentials: known(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  const found = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    ...named(found),
    response: {
      authenticatorData: text(answer.authenticatorData),
      clientDataJSON: text(answer.clientDataJSON),
      signature: text(answer.signature),
      userHandle: answer.userHandle ? text(answer.userHandle) : null,
    },
  };
}

function named(credential: PublicKeyCredential): Json {
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type };
}

function known(list: unknown): Json[] {
  return ((list ?? []) as Json[]).map((one) => ({ ...one, id: bytes(one["id"]) }));
}

function bytes(base64url: unknown): Uint8Array {
  const plain = atob(String(base64url).replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function reason(form: HTMLFormElement, error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (error instanceof Refusal && error.message.trim() !== "") return error.message;
  if (name === "NotAllowedError" || name === "AbortError") return form.dataset["passkeyStopped"] ?? "";
  if (name === "InvalidStateError") return form.dataset["passkeyExists"] ?? "";
  return form.dataset["passkeyFailed"] ?? "";
}

function say(form: HTMLFormElement, message: string): void {
  for (const line of all<HTMLElement>("[data-passkey-status]", form)) line.textContent = message;
}
