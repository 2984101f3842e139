import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";
import { type Item, type Items, items, services } from "./data";
import { openMap, type View } from "./map";
import { count, lang, t } from "./words";
import "./style.css";

const query = new URLSearchParams(location.search);
const service = signal(services.find((s) => s.id === query.get("service")) ?? services[0]!);
const minutes = signal(["5", "10", "15"].includes(query.get("minutes") ?? "") ? query.get("minutes")! : "15");
const gaps = signal<Item[]>([]);
const classes = signal<Item[]>([]); // the county's people by class
const chosen = signal<Item | null>(null);
const trouble = signal<"" | "failed" | "noRun">("");
let view: View | undefined;

// The whole view is in the URL, so that a link restores it.
effect(() => {
  const q = new URLSearchParams({ service: service.value.id, minutes: minutes.value, lang: lang.value });
  history.replaceState(null, "", `?${q}`);
  document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
  document.title = `${t("title")} · ${t(service.value.id)}`;
});

const headline = computed(() => {
  const of = (c: string) => classes.value.find((f) => f.properties.class === c)?.properties;
  const walk = of("walk");
  if (!walk) return "";
  return (["walk", "ride", "uncovered", "unverified"] as const)
    .map((c) => `${t(c)} ${count(Number(of(c)?.people ?? 0))} ${t("people")} (${(Number(of(c)?.share ?? 0) * 100).toFixed(1)}%)`)
    .join(lang.value === "zh" ? "," : ", ");
});

let turn = 0;
async function show(): Promise<void> {
  const mine = ++turn;
  const s = service.value;
  try {
    const el07 = s.id === "eldercare";
    const people = { standard: "EL-07", group: "60+", population_basis: "resident" };
    const [facilities, found, circles, share, county] = await Promise.all([
      Promise.all(s.services.map((id) => items("facilities", { service: id }))),
      items("gaps", { standard: s.standard }),
      el07 ? items("circles", { minutes: minutes.value }) : none,
      el07 ? items("coverage", { ...people, level: "village", class: "walk" }) : none,
      el07 ? items("coverage", { ...people, level: "county" }) : none,
    ]);
    if (mine !== turn) return; // somebody chose again meanwhile
    view?.set("facilities", { type: "FeatureCollection", features: facilities.flatMap((f) => f.features) });
    view?.set("circles", circles);
    view?.set("share", share);
    view?.set("gaps", found);
    gaps.value = found.features.toSorted((a, b) => Number(a.properties.rank) - Number(b.properties.rank));
    classes.value = county.features;
    trouble.value = "";
  } catch (e) {
    console.error(e);
    if (mine === turn) trouble.value = "failed";
  }
}
const none: Items = { type: "FeatureCollection", features: [] };

function Panel() {
  return (
    <aside>
      <header>
        <h1>{t("title")}</h1>
        <button type="button" onClick={() => (lang.value = lang.value === "zh" ? "en" : "zh")}>{lang.value === "zh" ? "English" : "中文"}</button>
      </header>
      <nav>
        {services.map((s) => (
          <button type="button" key={s.id} aria-pressed={s === service.value} onClick={() => { service.value = s; chosen.value = null; show(); }}>{t(s.id)}</button>
        ))}
      </nav>
      {service.value.id === "eldercare" && (
        <fieldset>
          {["5", "10", "15"].map((m) => (
            <label key={m}><input type="radio" name="minutes" value={m} checked={m === minutes.value} onChange={() => { minutes.value = m; show(); }} /> {m} {t("minutes")}</label>
          ))}
        </fieldset>
      )}
      {trouble.value && <p class="trouble" role="alert">{t(trouble.value)}</p>}
      {headline.value && <p class="headline">{headline.value}</p>}
      <h2>{t("gaps")} ({count(gaps.value.length)})</h2>
      {gaps.value.length === 0 && <p>{t("noGaps")}</p>}
      <ol class="gaps">
        {gaps.value.map((g) => (
          <li key={String(g.properties.gap_id)}>
            <button type="button" aria-pressed={chosen.value?.properties.gap_id === g.properties.gap_id} onClick={() => { chosen.value = g; view?.flyTo(g); }}>
              <b>{g.properties.name}</b> {count(Number(g.properties.people))} {t("people")}
              <small>{lang.value === "zh" ? g.properties.reason : g.properties.reason_en}</small>
            </button>
          </li>
        ))}
      </ol>
      <section class="legend">
        <h2>{t("legend")}</h2>
        {service.value.id === "eldercare" && <p><i class="key circle" /> {t("circle")} ({minutes.value} {t("minutes")})</p>}
        <p><i class="key facility" /> {t("operating")}</p>
        <p><i class="key idle" /> {t("idle")}</p>
        <p><i class="key gap" /> {t("gap")}</p>
        {service.value.id === "eldercare" && (
          <p>{t("villages")}<br />{["c8553d 0–25%", "e39b6b 25–50%", "f0d9a8 50–75%", "cfdcc4 75–95%", "9dbf9e 95–100%"].map((k) => <span key={k}><i class="key" style={`background:#${k.slice(0, 6)}`} /> {k.slice(7)} </span>)}</p>
        )}
      </section>
    </aside>
  );
}

render(<><Panel /><main id="map" aria-label={t("title")} /><footer>{t("internal")}</footer></>, document.getElementById("app")!);
openMap(document.getElementById("map")!, (layer, item) => {
  if (layer === "gaps") chosen.value = gaps.value.find((g) => g.properties.gap_id === item.properties.gap_id) ?? null;
}).then(async (opened) => {
  view = opened;
  const units = await items("units");
  view.set("units", units);
  view.fit(units);
  await show();
}).catch((e) => { console.error(e); trouble.value = "failed"; });
