// Every word on the screen, in the two languages. Place and facility names are never translated.
import { signal } from "@preact/signals";

export type Lang = "zh" | "en";
export const lang = signal<Lang>(new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh");

const words = {
  title: ["生活圈", "Lifecircle"],
  eldercare: ["养老服务圈", "Eldercare"],
  burial: ["生态安葬点", "Eco-burial"],
  child: ["儿童之家", "Child homes"],
  minutes: ["分钟", "min"],
  gaps: ["缺口清单", "Gaps"],
  people: ["人", "people"],
  noGaps: ["没有缺口", "No gaps"],
  noRun: ["尚未测算。请运行 lifecircle plan。", "Nothing is computed yet: run lifecircle plan."],
  failed: ["读取数据失败,请刷新页面或检查服务是否运行。", "The data could not be read: reload, or check that the server runs."],
  legend: ["图例", "Legend"],
  circle: ["步行可达范围", "within reach on foot"],
  operating: ["运营设施", "facility in operation"],
  idle: ["停用或在建设施", "facility out of use or planned"],
  gap: ["缺口", "gap"],
  walk: ["步行可达", "on foot"],
  ride: ["乘车可达", "by vehicle"],
  uncovered: ["未覆盖", "not covered"],
  unverified: ["待核实", "to be verified"],
  status: ["状态", "Status"],
  internal: ["内部使用 · 数据来源:本系统已导入数据", "Internal use · source: data imported into this system"],
  close: ["关闭", "Close"],
  share: ["步行可达率低于", "share on foot below"],
  villages: ["村(社区)步行可达率", "share of elders on foot, by village"],
} as const;

export type Key = keyof typeof words;

/** The words for key in the language in use. */
export const t = (key: Key): string => words[key][lang.value === "zh" ? 0 : 1];

/** A whole number as people write it. */
export const count = (n: number): string => n.toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB");
