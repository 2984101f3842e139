// Who uses the page. A session that ends asks for the login on top of what is
// open and then repeats the request: nothing that was typed is lost.
import { signal } from "@preact/signals";

export interface User {
  id: number;
  name: string;
  display: string;
  roles: string[];
  prefix: string;
  pending?: "enrol_totp";
}

export interface Me {
  user: User | null;
  actions: string[];
  sso: boolean;
  demo: boolean;
  public: boolean;
}

export const me = signal<Me | undefined>(undefined);
export const asked = signal(false); // the login is on the screen
/** The one-time link that opened the page: read before the address bar is tidied. */
export const link = new URLSearchParams(location.hash.slice(1)).get("link") ?? "";
let entered: (() => void)[] = [];

/** What went wrong, in the reader's language, as the server says it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly needs: string,
  ) {
    super(detail);
  }
}

export async function whoAmI(): Promise<void> {
  const answer = await fetch("/api/v1/session");
  if (!answer.ok) throw new Error(`${answer.status} /api/v1/session`);
  me.value = (await answer.json()) as Me;
}

/** Waits until somebody is logged in. */
const loggedIn = (): Promise<void> => {
  asked.value = true;
  return new Promise((done) => entered.push(done));
};

/** Ends the waiting: the login has worked. */
export async function enter(): Promise<void> {
  await whoAmI();
  asked.value = false;
  for (const done of entered.splice(0)) done();
}

/** Asks the server, after a login when it wants one. */
export async function reach(path: string, init: RequestInit = {}): Promise<Response> {
  for (;;) {
    const answer = await fetch(path, init);
    if (answer.status !== 401) return answer;
    await loggedIn();
  }
}

/** Sends JSON and reads JSON; Refused for every error. again: a 401 asks for the login. */
export async function send<T>(method: string, path: string, body?: unknown, again = true): Promise<T> {
  const init = { method, headers: { Accept: "application/json", "Accept-Language": document.documentElement.lang, ...(body === undefined ? {} : { "Content-Type": "application/json" }) }, body: body === undefined ? undefined : JSON.stringify(body) };
  const answer = await (again ? reach(path, init) : fetch(path, init));
  if (!answer.ok) {
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new Refused(answer.status, problem.detail ?? `${answer.status}`, answer.headers.get("Lifecircle-Needs") ?? "");
  }
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const may = (action: string): boolean => me.value?.actions.includes(action) ?? false;
