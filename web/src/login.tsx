// The login, the one-time link, and one's own account.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { asked, enter, link, me, Refused, send, whoAmI } from "./session";
import { t } from "./words";

/** What stands on top of the map; "" is the map alone. */
export const page = signal<"" | "account" | "users" | "audit" | "review" | "changes" | "link">(link ? "link" : "");

/** A form that says what is wrong and is busy only once. */
export function Form(p: { title: string; button: string; send: () => Promise<unknown>; children: preact.ComponentChildren }) {
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    setTrouble("");
    try {
      await p.send();
    } catch (error) {
      setTrouble(error instanceof Refused ? error.detail : t("failed"));
    }
    setBusy(false);
  };
  return (
    <form onSubmit={submit}>
      <h3>{p.title}</h3>
      {p.children}
      {trouble && <p class="trouble" role="alert">{trouble}</p>}
      <button type="submit" disabled={busy}>{p.button}</button>
    </form>
  );
}

export function Field(p: { label: string; value: string; set: (v: string) => void; type?: "text" | "password"; autocomplete?: string; required?: boolean }) {
  const rest = { value: p.value, required: p.required ?? true, autocomplete: p.autocomplete ?? "off", onInput: (e: { currentTarget: HTMLInputElement }) => p.set(e.currentTarget.value) };
  return <label class="field">{p.label}{p.type === "password" ? <input type="password" {...rest} /> : <input type="text" {...rest} />}</label>;
}

export function Login() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const login = async () => {
    try {
      await send("POST", "/api/v1/session", { name, password, code }, false);
    } catch (e) {
      if (e instanceof Refused && e.needs === "code" && !needsCode) {
        setNeedsCode(true);
        return;
      }
      throw e;
    }
    await enter();
  };
  return (
    <dialog open class="office" aria-label={t("login")}>
      <Form title={`${t("title")} · ${t("login")}`} button={t("login")} send={login}>
        <Field label={t("name")} value={name} set={setName} autocomplete="username" />
        <Field label={t("password")} value={password} set={setPassword} type="password" autocomplete="current-password" />
        {needsCode && <Field label={t("code")} value={code} set={setCode} autocomplete="one-time-code" />}
      </Form>
      {me.value?.sso && <p><a href="/api/v1/sso">{t("sso")}</a></p>}
      {me.value?.public && <p><button type="button" onClick={() => (asked.value = false)}>{t("stayPublic")}</button></p>}
    </dialog>
  );
}

export function Link() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const use = async () => {
    if (password !== again) throw new Refused(400, t("passwordsDiffer"), "");
    await send("POST", "/api/v1/link", { link, name: name.trim().toLowerCase(), display: "", password }, false);
    history.replaceState(null, "", location.pathname);
    page.value = "";
  };
  return (
    <dialog open class="office" aria-label={t("setUp")}>
      <Form title={t("setUp")} button={t("save")} send={use}>
        <Field label={t("nameFirst")} value={name} set={setName} autocomplete="username" required={false} />
        <Field label={t("password")} value={password} set={setPassword} type="password" autocomplete="new-password" />
        <Field label={t("passwordAgain")} value={again} set={setAgain} type="password" autocomplete="new-password" />
        <p class="clause">{t("passwordRule")}</p>
      </Form>
    </dialog>
  );
}

interface Token {
  id: number;
  name: string;
  scopes: string[];
  expires_at: string;
  revoked_at: string | null;
}

export function Account() {
  const u = me.value?.user;
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [totp, setTOTP] = useState<{ uri: string; secret: string }>();
  const [code, setCode] = useState("");
  const [recovery, setRecovery] = useState<string[]>([]);
  const [tokens, setTokens] = useState<Token[]>();
  const [tokenName, setTokenName] = useState("QGIS");
  const [secret, setSecret] = useState("");
  const list = async () => setTokens((await send<{ tokens: Token[] }>("GET", "/api/v1/account/tokens")).tokens);
  if (!u) return null;
  if (!tokens && !u.pending) void list();
  return (
    <>
      <h2>{u.display || u.name} <small>{u.roles.join(", ")} {u.prefix}</small></h2>
      {u.pending && <p class="trouble" role="alert">{t("enrolFirst")}</p>}
      <Form title={t("changePassword")} button={t("save")} send={async () => { await send("POST", "/api/v1/account/password", { old, password }); setOld(""); setPassword(""); }}>
        <Field label={t("oldPassword")} value={old} set={setOld} type="password" autocomplete="current-password" />
        <Field label={t("password")} value={password} set={setPassword} type="password" autocomplete="new-password" />
      </Form>
      <Form title={t("secondFactor")} button={totp ? t("confirm") : t("begin")} send={async () => {
        if (!totp) return setTOTP(await send("POST", "/api/v1/account/totp"));
        setRecovery((await send<{ recovery_codes: string[] }>("PUT", "/api/v1/account/totp", { code })).recovery_codes);
        setTOTP(undefined);
        await whoAmI();
      }}>
        {totp && <p>{t("authenticator")} <a href={totp.uri}><code>{totp.secret}</code></a></p>}
        {totp && <Field label={t("code")} value={code} set={setCode} autocomplete="one-time-code" />}
        {recovery.length > 0 && <p>{t("recovery")}<br /><code>{recovery.join(" ")}</code></p>}
      </Form>
      <Form title={t("tokens")} button={t("newToken")} send={async () => {
        setSecret((await send<{ secret: string }>("POST", "/api/v1/account/tokens", { name: tokenName, scopes: ["layers.read"], days: 90 })).secret);
        await list();
      }}>
        <ul>
          {tokens?.map((k) => (
            <li key={k.id}>{k.name} · {k.scopes.join(", ")} · {k.revoked_at ? t("revoked") : k.expires_at.slice(0, 10)}
              {!k.revoked_at && <button type="button" onClick={async () => { await send("DELETE", `/api/v1/account/tokens/${k.id}`); await list(); }}>{t("revoke")}</button>}
            </li>
          ))}
        </ul>
        <Field label={t("tokenName")} value={tokenName} set={setTokenName} />
        {secret && <p>{t("tokenOnce")}<br /><code>{secret}</code></p>}
      </Form>
      <p><button type="button" onClick={async () => { await send("DELETE", "/api/v1/session"); location.reload(); }}>{t("logout")}</button></p>
    </>
  );
}

