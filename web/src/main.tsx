import { effect } from "@preact/signals";
import { render } from "preact";
import { services } from "./data";
import { chosen, facility, fly, minutes, report, run, service, show, start, trouble, unit, visit, within, wordFor } from "./state";
import { township, UnitPanel } from "./unit";
import { Find, PlaceCard } from "./find";
import { Doors, Office } from "./office";
import { page } from "./login";
import { asked, may, me, whoAmI } from "./session";
import { count, lang, people, t } from "./words";
import "./style.css";

function Panel() {
  return (
    <aside>
      <header>
        <h1>{t("title")}</h1>
        <button type="button" onClick={() => (lang.value = lang.value === "zh" ? "en" : "zh")}>{lang.value === "zh" ? "English" : "中文"}</button>
      </header>
      <Doors />
      {(may("layers.read") || me.value?.public) && <Layers />}
    </aside>
  );
}

function Layers() {
  const listed = within(report.value ? unit.value : "");
  const figure = run.value?.summary?.standards.find((s) => s.id === service.value.standard);
  return (
    <>
      <Find />
      <nav>
        {services.map((s) => (
          <button type="button" key={s.id} aria-pressed={s === service.value} onClick={() => { service.value = s; chosen.value = null; visit(null); show(); }}>{t(s.id)}</button>
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
      {run.value?.summary && (
        <p class="headline">{service.value.id === "eldercare" ? run.value.summary.headline[lang.value] : figure && `${figure.title[lang.value]}: ${figure.text[lang.value]}`}</p>
      )}
      {figure && <p class="clause">「{figure.quote}」 {figure.clause}</p>}
      <PlaceCard />
      <Facility />
      <UnitPanel />
      <h2>{t("gaps")} ({count(listed.length)})</h2>
      {listed.length === 0 && <p>{t("noGaps")}</p>}
      <ol class="gaps">
        {listed.map((g) => (
          <li key={String(g.properties.gap_id)}>
            <button type="button" aria-pressed={chosen.value?.properties.gap_id === g.properties.gap_id} onClick={() => fly(g)}>
              <span class="where">{township(String(g.properties.unit_code))}</span> <b>{g.properties.name}</b> {people(g.properties.people)}
              <em class="kind">{wordFor("gap_kinds", String(g.properties.kind))}</em>
              <small>{lang.value === "zh" ? g.properties.reason : g.properties.reason_en}</small>
            </button>
          </li>
        ))}
      </ol>
      <Legend />
      {may("internal.read") && (
        <nav class="doors">
          <button type="button" onClick={() => (page.value = "review")}>{t("review")}</button>
          <button type="button" onClick={() => (page.value = "changes")}>{t("changes")}</button>
        </nav>
      )}
    </>
  );
}

function Facility() {
  const p = facility.value?.properties;
  if (!p) return null;
  const facts: [string, unknown][] = [
    [t("status"), wordFor("statuses", String(p.status))], [t("openDays"), p.weekly_open_days], [t("beds"), p.beds], [t("capacityLeft"), p.capacity_left], [t("address"), p.address],
  ];
  return (
    <section class="unit" aria-label={t("facilities")}>
      <header><h2>{p.name}</h2><button type="button" aria-label={t("close")} onClick={() => visit(null)}>×</button></header>
      <p>{String(p.services).split(",").map((s) => wordFor("services", s)).join("、")}</p>
      <ul class="tight">{facts.filter(([, v]) => v !== null && v !== undefined && v !== "").map(([k, v]) => <li key={k}>{k}: {String(v)}</li>)}</ul>
      <p class="clause">{t("ownCircle")}</p>
    </section>
  );
}

function Legend() {
  return (
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
  );
}

render(<><Panel /><main id="map" aria-label={t("title")} /><footer>{t("internal")}</footer><Office /></>, document.getElementById("app")!);

/** The map is for those who read layers; administrators have their pages, everybody else the login. */
let started = false;
effect(() => {
  if (page.value === "link" || !me.value) return;
  if (!me.value.user && !me.value.demo && !me.value.public) asked.value = true;
  else if (me.value.user?.pending) page.value = "account";
  else if (!started && (may("layers.read") || me.value.public)) {
    started = true;
    start(document.getElementById("map")!);
  }
});
whoAmI().catch(() => (trouble.value = "failed"));
