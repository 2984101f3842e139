// What the page reads, all from its own host.
import type { Feature, FeatureCollection, Geometry } from "geojson";

export type Props = Record<string, string | number | boolean | null>;
export type Item = Feature<Geometry, Props>;
export type Items = FeatureCollection<Geometry, Props>;

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

/** Reads all items of a collection that match the filters, page by page. */
export async function items(collection: string, filters: Record<string, string> = {}): Promise<Items> {
  const all: Items = { type: "FeatureCollection", features: [] };
  let url: string | undefined = `/ogc/collections/${collection}/items?${new URLSearchParams({ limit: "5000", ...filters })}`;
  while (url) {
    const answer: Response = await fetch(url, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    const page = (await answer.json()) as Items & { links?: { rel: string; href: string }[] };
    all.features.push(...page.features);
    const next = page.links?.find((l) => l.rel === "next")?.href;
    url = next && new URL(next, location.href).pathname + new URL(next, location.href).search;
  }
  return all;
}
