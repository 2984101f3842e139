// The map: own data only, no base map of another host. MapLibre is loaded apart from the page.
import type { Map as MapLibre, GeoJSONSource, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import polylabel from "polylabel";
import { type Item, type Items, none } from "./data";

const source = { type: "geojson", data: none } as const;

const style: StyleSpecification = {
  version: 8,
  sources: {
    base: { type: "vector", tiles: [`${location.origin}/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}`], minzoom: 8, maxzoom: 14 },
    units: source, labels: source, share: source, circles: source, isochrones: source, facilities: source, gaps: source, found: source,
  },
  layers: [
    { id: "ground", type: "background", paint: { "background-color": "#e7e6e1" } },
    { id: "land", type: "fill", source: "units", filter: ["==", ["get", "level"], "county"], paint: { "fill-color": "#f8f6f0" } },
    {
      id: "share", type: "fill", source: "share",
      paint: { "fill-color": ["case", ["==", ["get", "share"], null], "#c9c4b8", ["step", ["get", "share"], "#c8553d", 0.25, "#e39b6b", 0.5, "#f0d9a8", 0.75, "#cfdcc4", 0.95, "#9dbf9e"]], "fill-opacity": 0.55 },
    },
    { id: "lakes", type: "fill", source: "base", "source-layer": "water", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": "#bcd6e4" } },
    { id: "rivers", type: "line", source: "base", "source-layer": "water", filter: ["==", ["get", "kind"], "river"], paint: { "line-color": "#9cc3d8", "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1.2, 15, 6] } },
    {
      id: "streets", type: "line", source: "base", "source-layer": "roads", filter: ["!=", ["get", "class"], "ferry"],
      paint: {
        "line-color": ["match", ["get", "class"], ["motorway", "trunk", "primary"], "#c9a35c", ["secondary", "tertiary"], "#b5ab97", "#c9c2b4"],
        "line-width": ["interpolate", ["linear"], ["zoom"], 9, ["match", ["get", "class"], ["motorway", "trunk", "primary"], 1.4, 0.5], 15, ["match", ["get", "class"], ["motorway", "trunk", "primary", "secondary"], 5, ["footway", "path", "steps"], 1.2, 2.4]],
      },
    },
    { id: "ferries", type: "line", source: "base", "source-layer": "roads", filter: ["==", ["get", "class"], "ferry"], paint: { "line-color": "#5f87a8", "line-dasharray": [3, 3], "line-width": 1.2 } },
    { id: "circles", type: "fill", source: "circles", paint: { "fill-color": "#2b6c99", "fill-opacity": 0.25 } },
    { id: "circle-edges", type: "line", source: "circles", paint: { "line-color": "#2b6c99", "line-width": 1, "line-opacity": 0.7 } },
    { id: "isochrones", type: "fill", source: "isochrones", paint: { "fill-color": ["match", ["get", "minutes"], 5, "#7a4b9c", 10, "#9a76b5", "#bda5cf"], "fill-opacity": 0.4 } },
    { id: "unit-areas", type: "fill", source: "units", filter: ["==", ["get", "level"], "village"], paint: { "fill-opacity": 0 } },
    { id: "villages", type: "line", source: "units", filter: ["==", ["get", "level"], "village"], minzoom: 10, paint: { "line-color": "#b9b2a3", "line-width": 0.6 } },
    { id: "townships", type: "line", source: "units", filter: ["==", ["get", "level"], "township"], paint: { "line-color": "#8d8674", "line-width": 1.4, "line-dasharray": [4, 2] } },
    { id: "county", type: "line", source: "units", filter: ["==", ["get", "level"], "county"], paint: { "line-color": "#5c5646", "line-width": 2.4 } },
    { id: "outline", type: "line", source: "units", filter: ["==", ["get", "code"], ""], paint: { "line-color": "#e08a00", "line-width": 3 } },
    {
      id: "facilities", type: "circle", source: "facilities",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 2.5, 14, 6],
        "circle-color": ["match", ["get", "status"], "operating", "#1d4e70", "#ffffff"],
        "circle-stroke-color": ["match", ["get", "status"], "operating", "#ffffff", "#7a7466"],
        "circle-stroke-width": 1.5,
      },
    },
    {
      id: "gaps", type: "circle", source: "gaps",
      paint: { "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "people"]], 2, 5, 40, 16], "circle-color": "#b3261e", "circle-opacity": 0.35, "circle-stroke-color": "#7d1912", "circle-stroke-width": 1.5 },
    },
    { id: "found", type: "circle", source: "found", paint: { "circle-radius": 9, "circle-color": "#e08a00", "circle-opacity": 0.35, "circle-stroke-color": "#a35f00", "circle-stroke-width": 3 } },
    {
      id: "names", type: "symbol", source: "labels", filter: ["step", ["zoom"], ["==", ["get", "level"], "township"], 12, ["in", ["get", "level"], ["literal", ["township", "village"]]]],
      layout: { "text-field": ["get", "name"], "text-font": ["sans-serif"], "text-size": ["match", ["get", "level"], "township", 13, 11] },
      paint: { "text-color": "#3b372d", "text-halo-color": "#fff", "text-halo-width": 1.4 },
    },
  ],
};

type Set = "units" | "share" | "circles" | "isochrones" | "facilities" | "gaps";

export interface View {
  set(name: Set, items: Items): void;
  flyTo(item: Item, zoom?: number): void;
  mark(point: [number, number] | null): void;
  fit(items: Items): void;
  outline(code: string): void;
}

/** Opens the map in el; picked hears what was clicked. `<body data-map>` tells tests when it rests. */
export async function openMap(el: HTMLElement, picked: (layer: string, item: Item) => void): Promise<View> {
  const { Map, NavigationControl, ScaleControl, setWorkerUrl } = await import("maplibre-gl");
  await import("maplibre-gl/dist/maplibre-gl.css");
  setWorkerUrl(workerUrl);
  const map: MapLibre = new Map({ container: el, style, center: [120, 29], zoom: 7, attributionControl: false, localIdeographFontFamily: "'Noto Sans CJK SC', 'Noto Sans SC', sans-serif" });
  map.addControl(new NavigationControl({ visualizePitch: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-right");
  const busy = (state: "busy" | "idle") => (document.body.dataset.map = state);
  map.on("movestart", () => busy("busy"));
  map.on("dataloading", () => busy("busy"));
  map.on("idle", () => busy("idle"));
  const targets = ["gaps", "facilities", "unit-areas"];
  map.on("click", (e) => { // the topmost thing under the pointer, not all of them
    const hits = map.queryRenderedFeatures(e.point, { layers: targets });
    const layer = targets.find((id) => hits.some((h) => h.layer.id === id));
    if (layer) picked(layer, hits.find((h) => h.layer.id === layer) as unknown as Item);
  });
  for (const layer of targets.slice(0, 2)) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  await new Promise((done) => map.once("load", done));
  (window as unknown as { lifecircleMap: MapLibre }).lifecircleMap = map; // what browser tests ask about rendered features
  const put = (name: string, items: Items) => (map.getSource(name) as GeoJSONSource).setData(items);
  return {
    set: (name, items) => {
      put(name, items);
      if (name === "units") put("labels", labels(items));
    },
    flyTo: (item, zoom = 14) => item.geometry?.type === "Point" && map.flyTo({ center: item.geometry.coordinates as [number, number], zoom, duration: 600 }),
    mark: (point) => put("found", point ? { type: "FeatureCollection", features: [{ type: "Feature", geometry: { type: "Point", coordinates: point }, properties: {} }] } : none),
    fit: (items) => {
      const box = bounds(items);
      if (box) map.fitBounds(box, { padding: 40, duration: 0 });
    },
    outline: (code) => map.setFilter("outline", ["==", ["get", "code"], code]),
  };
}

/** One point for each unit's name, in the middle of its largest part: an archipelago is named once. */
function labels(units: Items): Items {
  return {
    type: "FeatureCollection",
    features: units.features.flatMap((u): Item[] => {
      const parts = u.geometry?.type === "MultiPolygon" ? u.geometry.coordinates : u.geometry?.type === "Polygon" ? [u.geometry.coordinates] : [];
      const largest = parts.toSorted((a, b) => area(b[0]) - area(a[0]))[0];
      return largest ? [{ ...u, geometry: { type: "Point", coordinates: [...polylabel(largest as [number, number][][], 0.001)].slice(0, 2) } }] : [];
    }),
  };
}

/** Twice the area of a ring, in square degrees: enough to compare parts of one unit. */
function area(ring: number[][] = []): number {
  return Math.abs(ring.reduce((sum, p, i) => sum + p[0]! * ring[(i + 1) % ring.length]![1]! - p[1]! * ring[(i + 1) % ring.length]![0]!, 0));
}

function bounds(items: Items): [number, number, number, number] | undefined {
  let box: [number, number, number, number] | undefined;
  const walk = (c: unknown): void => {
    if (!Array.isArray(c)) return;
    const [x, y] = c;
    if (typeof x === "number" && typeof y === "number") {
      box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
    } else for (const part of c) walk(part);
  };
  for (const f of items.features) if (f.geometry && "coordinates" in f.geometry) walk(f.geometry.coordinates);
  return box;
}
