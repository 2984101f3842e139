// The pages of the administrators: users and rights, and the audit log.
import { useEffect, useState } from "preact/hooks";
import { Account, Field, Form, Link, Login, page } from "./login";
import { Change } from "./change";
import { Review } from "./review";
import { asked, may, me, send } from "./session";
import { lang, t } from "./words";

interface Listed {
  name: string;
  display: string;
  roles: string[];
  prefix: string;
  second_factor: boolean;
  has_password: boolean;
  disabled: boolean;
  locked: boolean;
}
type Role = { ID: string; Name: { zh: string; en: string } };

function Users() {
  const [all, setAll] = useState<Listed[]>([]);
  const [roles, setRoles] = useState<Role[]>([]);
  const [name, setName] = useState("");
  const [display, setDisplay] = useState("");
  const [link, setLink] = useState("");
  const [chosen, choose] = useState<Listed>();
  const list = async () => {
    const found = await send<{ users: Listed[]; roles: Role[] }>("GET", "/api/v1/users");
    setAll(found.users);
    setRoles(found.roles);
  };
  useEffect(() => void list(), []);
  const word = (id: string) => roles.find((r) => r.ID === id)?.Name[lang.value] ?? id;
  const change = async (u: Listed, body: object) => {
    setLink((await send<{ link: string }>("PATCH", `/api/v1/users/${encodeURIComponent(u.name)}`, body)).link);
    await list();
  };
  return (
    <>
      <h2>{t("users")}</h2>
      <table>
        <thead><tr><th>{t("name")}</th><th>{t("roles")}</th><th>{t("scope")}</th><th>{t("status")}</th><th /></tr></thead>
        <tbody>
          {all.map((u) => (
            <tr key={u.name}>
              <td>{u.name} {u.display}</td><td>{u.roles.map(word).join("、")}</td><td>{u.prefix || t("everything")}</td>
              <td>{[u.disabled && t("disabled"), u.locked && t("locked"), !u.has_password && t("noPassword"), u.second_factor && t("secondFactor")].filter(Boolean).join(" · ")}</td>
              <td>
                {may("user.create") && <button type="button" onClick={() => change(u, { disabled: !u.disabled })}>{u.disabled ? t("enable") : t("disable")}</button>}
                {may("user.create") && u.locked && <button type="button" onClick={() => change(u, { unlock: true })}>{t("unlock")}</button>}
                {may("user.create") && <button type="button" onClick={() => change(u, { reset: true })}>{t("reset")}</button>}
                {may("user.role") && <button type="button" onClick={() => choose({ ...u })}>{t("grant")}</button>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {link && <p>{t("linkOnce")}<br /><code>{link}</code></p>}
      {chosen && (
        <Form title={`${t("grant")}: ${chosen.name}`} button={t("save")} send={async () => { await send("PUT", `/api/v1/users/${encodeURIComponent(chosen.name)}/roles`, { roles: chosen.roles, prefix: chosen.prefix }); choose(undefined); await list(); }}>
          {roles.map((r) => (
            <label key={r.ID} class="tick"><input type="checkbox" checked={chosen.roles.includes(r.ID)} onChange={(e) => choose({ ...chosen, roles: e.currentTarget.checked ? [...chosen.roles, r.ID] : chosen.roles.filter((x) => x !== r.ID) })} /> {r.Name[lang.value]}</label>
          ))}
          <Field label={t("scope")} value={chosen.prefix} set={(prefix) => choose({ ...chosen, prefix })} required={false} />
        </Form>
      )}
      {may("setting.security") && <Settings />}
      {may("user.create") && (
        <Form title={t("newUser")} button={t("create")} send={async () => { setLink((await send<{ link: string }>("POST", "/api/v1/users", { name, display })).link); setName(""); setDisplay(""); await list(); }}>
          <Field label={t("name")} value={name} set={setName} />
          <Field label={t("display")} value={display} set={setDisplay} required={false} />
        </Form>
      )}
    </>
  );
}

interface Rules {
  require_totp: boolean;
  public_layers: string[];
  small_number: number;
}

function Settings() {
  const [rules, setRules] = useState<Rules>();
  useEffect(() => void send<Rules>("GET", "/api/v1/settings").then(setRules), []);
  if (!rules) return null;
  return (
    <Form title={t("settings")} button={t("save")} send={async () => setRules(await send<Rules>("PUT", "/api/v1/settings", { require_totp: rules.require_totp, public_layers: rules.public_layers.filter(Boolean), small_number: rules.small_number }))}>
      <label class="tick"><input type="checkbox" checked={rules.require_totp} onChange={(e) => setRules({ ...rules, require_totp: e.currentTarget.checked })} /> {t("requireTOTP")}</label>
      <Field label={t("publicLayers")} value={rules.public_layers.join(" ")} set={(v) => setRules({ ...rules, public_layers: v.split(" ") })} required={false} />
      <Field label={t("smallNumber")} value={String(rules.small_number)} set={(v) => setRules({ ...rules, small_number: Number(v) || 0 })} />
    </Form>
  );
}

interface Row {
  seq: number;
  at: string;
  actor: string;
  action: string;
  object: string;
  source: string;
  reason: string;
  before: unknown;
  after: unknown;
}

interface Verification {
  rows: number;
  anchor: string;
  break: { seq: number; what: string } | null;
}

function Audit() {
  const [rows, setRows] = useState<Row[]>([]);
  const [actor, setActor] = useState("");
  const [more, setMore] = useState(false);
  const [chain, setChain] = useState<Verification>();
  const read = async (after: number) => {
    const found = (await send<{ rows: Row[] }>("GET", `/api/v1/audit?${new URLSearchParams({ after: String(after), limit: "200", ...(actor && { actor }) })}`)).rows;
    setRows(after ? [...rows, ...found] : found);
    setMore(found.length === 200);
  };
  useEffect(() => void read(0), []);
  const verify = async () => setChain(await send("GET", "/api/v1/audit/verification"));
  return (
    <>
      <h2>{t("audit")}</h2>
      <Form title="" button={t("search")} send={() => read(0)}><Field label={t("name")} value={actor} set={setActor} required={false} /></Form>
      <p>
        <button type="button" onClick={verify}>{t("verifyChain")}</button> {chain && (chain.break ? `${t("chainBroken")} ${chain.break.seq} (${chain.break.what})` : `${t("chainHolds")} ${chain.rows} · ${chain.anchor}`)} <a href="/api/v1/audit/export?format=csv">CSV</a> <a href="/api/v1/audit/export?format=json">JSON</a>
      </p>
      <table class="audit">
        <tbody>
          {rows.map((r) => (
            <tr key={r.seq}><td>{r.seq}</td><td>{new Date(r.at).toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB")}</td><td>{r.actor}</td><td>{r.action}</td><td>{r.object}</td><td>{r.source}</td><td>{r.reason}</td>
              <td><code>{[r.before, r.after].filter(Boolean).map((x) => JSON.stringify(x)).join(" → ")}</code></td></tr>
          ))}
        </tbody>
      </table>
      {more && <button type="button" onClick={() => read(rows.at(-1)!.seq)}>{t("more")}</button>}
    </>
  );
}

/** The buttons that lead here. */
export function Doors() {
  const who = me.value;
  if (!who || who.demo) return null;
  return (
    <nav class="doors">
      {who.user ? <button type="button" onClick={() => (page.value = "account")}>{who.user.display || who.user.name}</button> : <button type="button" onClick={() => (asked.value = true)}>{t("login")}</button>}
      {may("user.list") && <button type="button" onClick={() => (page.value = "users")}>{t("users")}</button>}
      {may("audit.read") && <button type="button" onClick={() => (page.value = "audit")}>{t("audit")}</button>}
    </nav>
  );
}

const pages: Record<string, () => preact.JSX.Element> = {
  account: () => <Account />, users: () => <Users />, audit: () => <Audit />, review: () => <Review leave={() => (page.value = "")} />, changes: () => <Change />,
};

/** What stands on top of the map. The login comes over whatever is open, which stays as it was typed. */
export function Office() {
  return (
    <>
      {pages[page.value] && (
        <dialog open class="office wide">
          <button type="button" class="close" aria-label={t("close")} onClick={() => (page.value = "")}>×</button>
          {pages[page.value]!()}
        </dialog>
      )}
      {page.value === "link" ? <Link /> : asked.value && <Login />}
    </>
  );
}
