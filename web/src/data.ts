// What the page reads, all from its own host.
import type { Feature, FeatureCollection, Geometry } from "geojson";
import { me, reach } from "./session";

/** Nobody is logged in, and some layers are open: what is not open is not there. */
const anybody = (): boolean => me.value?.public === true && !me.value.user;

export type Props = Record<string, string | number | boolean | null>;
export type Item = Feature<Geometry, Props>;
export type Items = FeatureCollection<Geometry, Props>;
export const none: Items = { type: "FeatureCollection", features: [] };

export interface Service {
  id: "eldercare" | "burial" | "child";
  standard: string;
  services: string[];
}

export const services: Service[] = [
  { id: "eldercare", standard: "EL-07", services: ["home_care_centre", "day_care"] },
  { id: "burial", standard: "FU-01", services: ["eco_burial"] },
  { id: "child", standard: "CH-04", services: ["child_home"] },
];

export interface Text {
  zh: string;
  en: string;
}
export type Words = Record<string, ({ id: string } & Text)[]>;

export interface Run {
  id: number;
  name: string;
  summary?: { headline: Text; as_of: string; standards: { id: string; title: Text; text: Text; gaps: number; quote: string; clause: string }[] };
}

/** A unit as a run saw it: GET /api/v1/units/CODE. */
export interface Report {
  code: string;
  name: string;
  level: string;
  path: { code: string; name: string }[];
  people: { basis: string; group: string; people: number }[];
  facilities: { service: string; operating: number; other: number }[];
  classes: { standard: string; group: string; basis: string; class: string; people: number | null; share: number | null }[];
  verdicts: { standard: string; verdict: string; text_zh: string; text_en: string; gaps: number }[];
}

/** Reads JSON; undefined where there is nothing (404), or nothing open. */
export async function ask<T>(path: string): Promise<T | undefined> {
  const answer = await (anybody() ? fetch : reach)(path, { headers: { Accept: "application/json, application/geo+json" } });
  if (answer.status === 404 || (answer.status === 401 && anybody())) return undefined;
  if (!answer.ok) throw new Error(`${answer.status} ${path}`);
  return (await answer.json()) as T;
}

/** Reads all items of a collection that match the filters, page by page. */
export async function items(collection: string, filters: Record<string, string> = {}): Promise<Items> {
  const all: Items = { type: "FeatureCollection", features: [] };
  let url: string | undefined = `/ogc/collections/${collection}/items?${new URLSearchParams({ limit: "5000", ...filters })}`;
  while (url) {
    const page: (Items & { links?: { rel: string; href: string }[] }) | undefined = await ask(url);
    if (!page && anybody()) return none;
    if (!page) throw new Error(`404 ${url}`);
    all.features.push(...page.features);
    const next: string | undefined = page.links?.find((l) => l.rel === "next")?.href;
    url = next && new URL(next, location.href).pathname + new URL(next, location.href).search;
  }
  return all;
}

/** The digits of a division code that every unit below shares. */
export function digits(code: string): string {
  const width = [12, 9, 6, 4].find((w, i, all) => /[1-9]/.test(code.slice(all[i + 1] ?? 2, w))) ?? 2;
  return code.slice(0, width);
}
