// The unit panel: who lives here, who reaches the service how, what the standards say.
import type { Report } from "./data";
import { names, look, report, run, wordFor } from "./state";
import { count, lang, people, t } from "./words";

const percent = (share: number | null): string => (share === null ? "" : `(${(share * 100).toFixed(1)}%)`);

export function UnitPanel() {
  const r = report.value;
  if (!r) return null;
  const residents = (group: string, basis: string) => r.people.find((p) => p.group === group && p.basis === basis)?.people;
  const classes = r.classes.filter((c) => c.standard === "EL-07" && c.group === "60+" && c.basis === "resident");
  const title = (id: string) => run.value?.summary?.standards.find((s) => s.id === id)?.title[lang.value] ?? id;
  const judged = (verdicts: string[]) => r.verdicts.filter((v) => verdicts.includes(v.verdict));
  const line = (v: Report["verdicts"][number]) => (
    <li key={v.standard} class={v.verdict}>{title(v.standard)}: <b>{lang.value === "zh" ? v.text_zh : v.text_en}</b>{v.gaps > 0 && ` · ${t("gap")} ${count(v.gaps)}`}</li>
  );
  return (
    <section class="unit" aria-label={t("unit")}>
      <header>
        <h2>{r.name} <small>{wordFor("levels", r.level)}</small></h2>
        <button type="button" aria-label={t("close")} onClick={() => look("")}>×</button>
      </header>
      <p class="path">
        {r.path.map((s) => <button type="button" key={s.code} onClick={() => look(s.code)}>{s.name}</button>)}
      </p>
      <table>
        <thead><tr><th />{["resident", "registered"].map((b) => <th key={b}>{wordFor("bases", b)}</th>)}</tr></thead>
        <tbody>
          {["total", "60+", "80+", "0-17"].filter((g) => residents(g, "resident") !== undefined || residents(g, "registered") !== undefined).map((g) => (
            <tr key={g}><th>{wordFor("groups", g)}</th>{["resident", "registered"].map((b) => <td key={b}>{residents(g, b) === undefined ? "–" : count(residents(g, b)!)}</td>)}</tr>
          ))}
        </tbody>
      </table>
      {classes.length > 0 && (
        <>
          <h3>{t("reach")}</h3>
          <p class="bar" role="img" aria-label={classes.map((c) => `${wordFor("classes", c.class)} ${percent(c.share)}`).join(", ")}>
            {["walk", "ride", "uncovered", "unverified"].map((id) => classes.find((c) => c.class === id)).map((c) => c && (c.people ?? 0) > 0 && <i key={c.class} class={c.class} style={`flex:${c.people}`} />)}
          </p>
          <ul>
            {["walk", "ride", "uncovered", "unverified"].map((id) => classes.find((c) => c.class === id)).map((c) => c && (c.people !== 0 || c.class !== "unverified") && (
              <li key={c.class}><i class={`key ${c.class}`} /> {wordFor("classes", c.class)} {people(c.people)} {percent(c.share)}</li>
            ))}
          </ul>
        </>
      )}
      {r.verdicts.length > 0 && (
        <>
          <h3>{t("standards")}</h3>
          <ul>{judged(["met", "not_met"]).map(line)}</ul>
          {judged(["contribution", "tracked", "unverified"]).length > 0 && (
            <details open={judged(["met", "not_met"]).length === 0}><summary>{t("tracked")} ({count(judged(["contribution", "tracked", "unverified"]).length)})</summary><ul>{judged(["contribution", "tracked", "unverified"]).map(line)}</ul></details>
          )}
        </>
      )}
      {r.facilities.length > 0 && (
        <>
          <h3>{t("facilities")}</h3>
          <ul class="tight">
            {r.facilities.map((f) => <li key={f.service}>{wordFor("services", f.service)} {count(f.operating)}{f.other > 0 && ` (${t("notOperating")} ${count(f.other)})`}</li>)}
          </ul>
        </>
      )}
    </section>
  );
}

/** Where a gap lies: the township, so that a village of the same name is not taken for it. */
export const township = (code: string): string => (code.slice(9) === "000" ? "" : (names.get(`${code.slice(0, 9)}000`) ?? ""));
