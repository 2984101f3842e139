// Facilities whose address a person must settle: accept, choose, reject.
import { useEffect, useState } from "preact/hooks";
import type { Place } from "./find";
import { may, send } from "./session";
import { look, point, wordFor } from "./state";
import { count, field, lang, t } from "./words";

interface Doubt {
  facility_id: string;
  name: string;
  address: string;
  unit_code: string;
  state: string;
  place: Place | null;
  candidates: Place[];
  reasons: { id: string; zh: string; en: string }[];
  metres: number | null;
}

const page = 50;

export function Review({ leave }: { leave: () => void }) {
  const [all, setAll] = useState<Doubt[]>([]);
  const [more, setMore] = useState(false);
  const [said, say] = useState("");
  const read = async (after = "") => {
    const { links } = await send<{ links: Doubt[] }>("GET", `/api/v1/facility-links?${new URLSearchParams({ after, limit: String(page) })}`);
    setAll((old) => (after ? [...old, ...links] : links));
    setMore(links.length === page);
  };
  useEffect(() => void read(), []);
  const attempt = (work: () => Promise<unknown>) => work().then(() => say(""), (e: Error) => say(e.message));
  const decide = (d: Doubt, body: object) =>
    attempt(async () => {
      await send("PUT", `/api/v1/facility-links/${encodeURIComponent(d.facility_id)}`, body);
      setAll((old) => old.filter((o) => o.facility_id !== d.facility_id));
    });
  const link = () =>
    attempt(async () => {
      await send("POST", "/api/v1/facility-links", {});
      await read();
    });
  const show = (p: Place) => {
    leave();
    void look("");
    point(p);
  };
  const proposal = (d: Doubt, p: Place, n: number) => (
    <li key={p.text + n}>
      <button type="button" class="text" onClick={() => show(p)}>{p.text}</button> <small>{field(p.level)} {p.score.toFixed(2)}</small>
      {may("facility.approve") && <button type="button" onClick={() => decide(d, n ? { decision: "chosen", candidate: n } : { decision: "accepted" })}>{t("accept")}</button>}
    </li>
  );
  return (
    <>
      <h2>{t("review")} ({count(all.length)}{more ? "+" : ""})</h2>
      {may("data.import") && <p><button type="button" onClick={link}>{t("linkNow")}</button></p>}
      {said && <p class="trouble" role="alert">{said}</p>}
      {all.length === 0 && <p>{t("nothingToReview")}</p>}
      {all.length > 0 && (
        <table class="review">
          <thead><tr><th>{t("facilities")}</th><th>{t("address")}</th><th>{t("why")}</th><th>{t("proposals")}</th><th /></tr></thead>
          <tbody>
            {all.map((d) => (
              <tr key={d.facility_id}>
                <td>{d.name}<br /><small>{d.facility_id}</small></td>
                <td>{d.address}<br /><small>{wordFor("link_states", d.state)}{d.metres !== null && ` · ${count(d.metres)} m`}</small></td>
                <td>{d.reasons.map((r) => r[lang.value]).join("；")}</td>
                <td><ul>{d.place && proposal(d, d.place, 0)}{d.candidates.map((p, i) => proposal(d, p, i + 1))}</ul></td>
                <td>{may("facility.approve") && <button type="button" onClick={() => decide(d, { decision: "rejected" })}>{t("reject")}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more && <button type="button" onClick={() => read(all.at(-1)!.facility_id)}>{t("more")}</button>}
    </>
  );
}
