// What the person looks at, and what was read for it. The whole of it is in the
// URL, so that a link restores it.
import { effect, signal } from "@preact/signals";
import { ask, digits, type Item, items, none, type Report, type Run, type Service, services, type Words } from "./data";
import type { Place } from "./find";
import type { View } from "./map";
import { lang, t } from "./words";

const query = new URLSearchParams(location.search);
export const service = signal<Service>(services.find((s) => s.id === query.get("service")) ?? services[0]!);
export const minutes = signal(["5", "10", "15"].includes(query.get("minutes") ?? "") ? query.get("minutes")! : "15");
export const unit = signal<string>(/^\d{12}$/.test(query.get("unit") ?? "") ? query.get("unit")! : "");
export const gaps = signal<Item[]>([]);
export const run = signal<Run | undefined>(undefined);
export const report = signal<Report | undefined>(undefined);
export const chosen = signal<Item | null>(null); // a gap
export const facility = signal<Item | null>(null);
export const place = signal<Place | null>(null); // found by name or address
export const trouble = signal<"" | "failed" | "noRun">("");
export const names = new Map<string, string>(); // unit code → name
export const words = signal<Words>({});
let view: View | undefined;

effect(() => {
  const q = new URLSearchParams({ service: service.value.id, minutes: minutes.value, lang: lang.value });
  if (unit.value) q.set("unit", unit.value);
  history.replaceState(null, "", `?${q}`);
  document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
  document.title = `${t("title")} · ${t(service.value.id)}`;
});

/** The name of id in one of the server's vocabularies. */
export function wordFor(list: string, id: string): string {
  const w = words.value[list]?.find((word) => word.id === id);
  return w ? w[lang.value] : id;
}

/** Runs work; what goes wrong is said, never swallowed. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (e) {
    console.error(e);
    trouble.value = "failed";
  }
}

let turn = 0;
/** Reads and draws the service that is chosen. */
export const show = (): Promise<void> =>
  attempt(async () => {
    const mine = ++turn;
    const s = service.value;
    const el07 = s.id === "eldercare";
    const people = { standard: "EL-07", group: "60+", population_basis: "resident" };
    const [facilities, found, circles, share, latest] = await Promise.all([
      Promise.all(s.services.map((id) => items("facilities", { service: id }))),
      items("gaps", { standard: s.standard }),
      el07 ? items("circles", { minutes: minutes.value }) : none,
      el07 ? items("coverage", { ...people, level: "village", class: "walk" }) : none,
      ask<Run>("/api/v1/runs/latest"),
    ]);
    if (mine !== turn) return; // somebody chose again meanwhile
    view?.set("facilities", { type: "FeatureCollection", features: facilities.flatMap((f) => f.features) });
    view?.set("circles", circles);
    view?.set("share", share);
    view?.set("gaps", found);
    gaps.value = found.features.toSorted((a, b) => Number(a.properties.rank) - Number(b.properties.rank));
    run.value = latest;
    trouble.value = latest ? "" : "noRun";
  });

/** Shows a unit's panel and outline; "" closes it. */
export const look = (code: string): Promise<void> =>
  attempt(async () => {
    unit.value = code;
    const found = code ? await ask<Report>(`/api/v1/units/${code}`) : undefined;
    if (unit.value !== code) return;
    report.value = found;
    view?.outline(code);
  });

/** Shows a facility, and its own 5, 10 and 15 minutes along the streets. */
export const visit = (site: Item | null): Promise<void> =>
  attempt(async () => {
    facility.value = site;
    const own = site && (await ask<typeof none>(`/api/v1/isochrones?${new URLSearchParams({ facility: String(site.properties.facility_id), minutes: "5,10,15" })}`));
    if (facility.value === site) view?.set("isochrones", own ?? none);
  });

/** Shows a place that was found, on the map and as a card; of a division its outline too. */
export function point(found: Place | null): void {
  place.value = found;
  view?.mark(found?.point ?? null);
  view?.outline(found && names.has(found.code) && !found.address_id ? found.code : unit.value);
  if (found?.point) view?.flyTo({ type: "Feature", geometry: { type: "Point", coordinates: found.point }, properties: {} }, { province: 7, prefecture: 8, county: 10, township: 12, village: 14 }[found.level] ?? 16);
}

export function fly(gap: Item): void {
  chosen.value = gap;
  view?.flyTo(gap);
}

/** The gaps in the unit looked at; all without one. */
export const within = (code: string): Item[] => (code ? gaps.value.filter((g) => String(g.properties.unit_code).startsWith(digits(code))) : gaps.value);

/** Reads the units again when one has another name; the server hears of the new version a moment after it is made. */
export const redraw = (): Promise<void> =>
  attempt(async () => {
    await new Promise((done) => setTimeout(done, 500));
    view?.set("units", await items("units"));
  });

/** Opens the map in el and reads everything for the first time. */
export const start = (el: HTMLElement): Promise<void> =>
  attempt(async () => {
    const { openMap } = await import("./map");
    const [opened, units, vocabulary] = await Promise.all([
      openMap(el, (layer, item) => {
        if (layer === "gaps") chosen.value = item;
        else if (layer === "facilities") visit(item);
        else look(String(item.properties.code));
      }),
      items("units"),
      ask<Words>("/api/v1/words"),
    ]);
    view = opened;
    words.value = vocabulary ?? {};
    for (const u of units.features) names.set(String(u.properties.code), String(u.properties.name));
    view.set("units", units);
    view.fit(units);
    await show();
    if (unit.value) await look(unit.value);
  });
