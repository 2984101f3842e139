// What a change of a division would touch, before anybody makes it.
import { useState } from "preact/hooks";
import type { Text } from "./data";
import { Field, Form } from "./login";
import { may, send } from "./session";
import { names, redraw, unit, wordFor, words } from "./state";
import { count, lang, t, touched } from "./words";

interface Touched {
  what: string;
  count: number;
  first: { id: string; name: string }[];
}
interface Preview {
  unit: { id: string; name: string };
  level: string;
  objections: Text[];
  inside: Touched[];
  leaves: Touched[];
  enters: Touched[];
  overlaps: { id: string; name: string; share: number }[];
  area_before_km2: number;
  area_after_km2: number;
}

export function Change() {
  const [code, setCode] = useState(unit.value);
  const [kind, setKind] = useState("rename");
  const [name, setName] = useState("");
  const [other, setOther] = useState("");
  const [outline, setOutline] = useState<unknown>();
  const [seen, see] = useState<Preview>();
  const [reason, setReason] = useState("");
  const read = async (file: File | undefined) => {
    if (!file) return;
    const given = JSON.parse(await file.text()) as { type: string; geometry?: unknown; features?: { geometry: unknown }[] };
    setOutline(given.type === "FeatureCollection" ? given.features?.[0]?.geometry : given.type === "Feature" ? given.geometry : given);
  };
  const ask = async () => {
    see(undefined);
    see(await send<Preview>("POST", "/api/v1/changes/preview", { kind, unit: code, ...(kind === "rename" && { name }), ...((kind === "recode" || kind === "merge") && { code: other }), ...(kind === "boundary" && { geometry: outline }) }));
  };
  /** A new name is a correction by hand; it can be undone as such. */
  const apply = async () => {
    await send("PATCH", `/api/v1/units/${seen!.unit.id}`, { set: { name }, reason });
    names.set(seen!.unit.id, name);
    see(undefined);
    setReason("");
    await redraw();
  };
  return (
    <>
      <h2>{t("changes")}</h2>
      <p class="clause">{t("changesHint")}</p>
      <Form title="" button={t("preview")} send={ask}>
        <Field label={t("unitCode")} value={code} set={setCode} />
        {names.get(code) && <p>{names.get(code)}</p>}
        <label class="field">{t("changeKind")}
          <select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
            {(words.value.change_kinds ?? []).map((w) => <option key={w.id} value={w.id}>{w[lang.value]}</option>)}
          </select>
        </label>
        {kind === "rename" && <Field label={t("newName")} value={name} set={setName} />}
        {(kind === "recode" || kind === "merge") && <Field label={t(kind === "merge" ? "mergeInto" : "newCode")} value={other} set={setOther} />}
        {kind === "boundary" && <label class="field">{t("outline")}<input type="file" accept=".geojson,.json" onChange={(e) => read(e.currentTarget.files?.[0])} /></label>}
      </Form>
      {seen && (
        <section aria-label={t("preview")}>
          <h3>{seen.unit.name} <small>{seen.unit.id} · {wordFor("levels", seen.level)}</small></h3>
          {seen.objections.map((o) => <p key={o.zh} class="trouble">{o[lang.value]}</p>)}
          {kind === "boundary" && <p>{t("area")}: {seen.area_before_km2.toFixed(2)} → {seen.area_after_km2.toFixed(2)} km²</p>}
          {seen.overlaps.length > 0 && <p>{t("overlaps")}: {seen.overlaps.map((o) => `${o.name} ${(o.share * 100).toFixed(1)}%`).join("、")}</p>}
          <List title={t("enters")} all={seen.enters} />
          <List title={t("leaves")} all={seen.leaves} />
          <List title={t("inside")} all={seen.inside} />
          {kind !== "rename" ? <p class="clause">{t("applyByImport")}</p> : may("base.edit") && (
            <Form title={t("applyChange")} button={t("confirm")} send={apply}>
              <Field label={t("reason")} value={reason} set={setReason} />
            </Form>
          )}
        </section>
      )}
    </>
  );
}

function List({ title, all }: { title: string; all: Touched[] }) {
  if (all.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {all.map((x) => (
        <details key={x.what}>
          <summary>{touched(x.what)}: {count(x.count)}</summary>
          <ul>{x.first.map((i) => <li key={i.id}>{i.name} <small>{i.id}</small></li>)}{x.count > x.first.length && <li>…</li>}</ul>
        </details>
      ))}
    </>
  );
}
