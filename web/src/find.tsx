// Finding a place by Chinese characters, pinyin or initials, and what is known of it.
import { useEffect, useRef, useState } from "preact/hooks";
import { ask, items, type Props } from "./data";
import { look, names, place, point, wordFor } from "./state";
import { may, send } from "./session";
import { field, lang, t } from "./words";

export interface Place {
  level: string;
  code: string;
  address_id?: string;
  text: string;
  point: [number, number] | null;
  score: number;
}
interface Reason {
  id: string;
  zh: string;
  en: string;
}
interface Answer {
  status: "matched" | "ambiguous" | "unmatched";
  place: Place | null;
  candidates?: Place[];
  reasons: Reason[];
}
interface History {
  path: string;
  versions: { version: number; at: string; source: string; ended?: number; values: Record<string, unknown>; changed: string[] }[];
}

const divisions = ["province", "prefecture", "county", "township", "village"];
const waitMilliseconds = 120; // between the last letter and the question

/** The search box: a list under it while somebody types, arrows and Enter choose. */
export function Find() {
  const [typed, type] = useState("");
  const [found, setFound] = useState<Place[]>([]);
  const [at, setAt] = useState(-1);
  const [said, say] = useState("");
  const turn = useRef(0);
  useEffect(() => {
    const mine = ++turn.current;
    if (!typed.trim()) return setFound([]);
    const timer = setTimeout(async () => {
      const answer = await send<{ places: Place[] }>("GET", `/api/v1/suggest?${new URLSearchParams({ q: typed, limit: "8" })}`).catch(() => ({ places: [] }));
      if (mine === turn.current) {
        setFound(answer.places);
        setAt(-1);
      }
    }, waitMilliseconds);
    return () => clearTimeout(timer);
  }, [typed]);
  if (!may("geocode.use")) return null;
  const choose = (p: Place) => {
    turn.current++;
    type("");
    setFound([]);
    say("");
    point(p);
  };
  /** Without a choice from the list the whole text is read as an address. */
  const search = async (text: string) => {
    const answer = await send<Answer>("GET", `/api/v1/geocode?${new URLSearchParams({ q: text })}`).catch((e: Error) => say(e.message));
    if (!answer) return;
    if (answer.status === "matched" && answer.place) return choose(answer.place);
    turn.current++;
    setFound(answer.candidates ?? []);
    say(answer.reasons.map((r) => r[lang.value]).join("；"));
  };
  const key = (e: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    const text = e.currentTarget.value.trim();
    if (e.isComposing) return; // Enter ends the input of characters first
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      setAt((at + (e.key === "ArrowDown" ? 1 : found.length) + (at < 0 && e.key === "ArrowUp" ? 1 : 0)) % Math.max(found.length, 1));
      e.preventDefault();
    } else if (e.key === "Escape") {
      turn.current++;
      setFound([]);
    } else if (e.key === "Enter" && text) {
      e.preventDefault();
      void (found[at] ? choose(found[at]) : search(text));
    }
  };
  const shared = divisionsShared(found.map((p) => p.text));
  return (
    <div class="find">
      <input type="search" role="combobox" list={undefined} aria-label={t("find")} placeholder={t("findHint")} aria-expanded={found.length > 0} aria-controls="found" aria-activedescendant={at >= 0 ? `found-${at}` : undefined} autocomplete="off" value={typed} onInput={(e) => type(e.currentTarget.value)} onKeyDown={key} />
      {said && <p role="status">{said}</p>}
      {found.length > 0 && (
        <ul id="found" role="listbox">
          {found.map((p, i) => (
            <li key={p.text + i} id={`found-${i}`} role="option" aria-selected={i === at} onMouseDown={(e) => { e.preventDefault(); choose(p); }}>
              {p.text.slice(shared)} <small>{level(p.level)}</small>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** How many characters of names from the province down all places of a list share: not worth repeating. */
function divisionsShared(all: string[]): number {
  const least = Math.min(...all.map((s) => s.length - 2));
  let same = 0;
  while (all.length > 1 && same < least && all.every((s) => s[same] === all[0]![same])) same++;
  return all.length > 1 ? Math.max(...[..."省市县区"].map((w) => all[0]!.lastIndexOf(w, same - 1))) + 1 : 0;
}

const level = (id: string): string => (divisions.includes(id) ? wordFor("levels", id) : field(id));

/** What is known of the place that was found: its names, and every version of it. */
export function PlaceCard() {
  const p = place.value;
  const [known, know] = useState<{ record?: Props; history?: History }>({});
  useEffect(() => {
    know({});
    if (p) void readPlace(p).then((k) => p === place.value && know(k));
  }, [p]);
  if (!p) return null;
  const { record, history } = known;
  const facts: [string, unknown][] = [
    [field("level"), level(p.level)], [field("code"), p.code], [field("address_id"), p.address_id], [t("score"), p.score < 1 && p.score.toFixed(2)],
    ...["romanisation", "aliases", "old_names", "class", "meaning", "history", "description"].map((f): [string, unknown] => [field(f), record?.[f]]),
    [t("coordinates"), p.point && `${p.point[0].toFixed(6)}, ${p.point[1].toFixed(6)}`],
  ];
  return (
    <section class="unit place" aria-label={t("place")}>
      <header><h2>{p.text}</h2><button type="button" aria-label={t("close")} onClick={() => point(null)}>×</button></header>
      <ul>{facts.filter(([, v]) => v !== undefined && v !== null && v !== "" && v !== false).map(([k, v]) => <li key={k}>{k}: {String(v)}</li>)}</ul>
      {divisions.includes(p.level) && names.has(p.code) && <p><button type="button" onClick={() => look(p.code)}>{t("unitFigures")}</button></p>}
      {history && <Versions of={history} />}
    </section>
  );
}

/** Which record belongs to a place: an address by its id, a division by its code, a named place by name and division. */
async function readPlace(p: Place): Promise<{ record?: Props; history?: History }> {
  const past = (collection: string, id: string) => ask<History>(`/api/v1/history/${collection}/${encodeURIComponent(id)}`).catch(() => undefined);
  if (p.address_id) return { history: await past("addresses", p.address_id) };
  if (divisions.includes(p.level)) return { history: await past("units", p.code) };
  const unit = names.get(p.code) ?? "";
  const name = p.text.slice(unit ? p.text.lastIndexOf(unit) + unit.length : 0);
  const all = await items("places", { name, unit_code: p.code }).catch(() => undefined);
  const record = all?.features[0]?.properties;
  return record ? { record, history: await past("places", String(record.place_id)) } : {};
}

function Versions({ of: h }: { of: History }) {
  const told = (v: unknown): string => (v === null || v === undefined || v === "" ? "–" : Array.isArray(v) ? v.join("、") || "–" : String(v));
  const before = (i: number) => h.versions.slice(0, i).findLast((v) => v.source === h.versions[i]!.source);
  return (
    <details open={h.versions.length > 1}>
      <summary>{t("versions")} ({h.versions.length})</summary>
      <ol class="versions">
        {h.versions.map((v, i) => (
          <li key={`${v.version}${v.source}`}>
            {v.at.slice(0, 10)} · {t("version")} {v.version} · {v.source}{v.ended ? ` · ${t("until")} ${v.ended}` : ""}
            <ul>{v.changed.map((f) => <li key={f}>{field(f)}: {told(before(i)?.values[f])} → <b>{told(v.values[f])}</b></li>)}</ul>
          </li>
        ))}
      </ol>
    </details>
  );
}
