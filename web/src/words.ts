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
  status: ["状态", "Status"],
  openDays: ["每周开放天数", "Open days a week"],
  beds: ["床位", "Beds"],
  capacityLeft: ["剩余容量", "Capacity left"],
  address: ["地址", "Address"],
  ownCircle: ["地图上紫色为5、10、15分钟步行可达该设施的范围。", "Purple on the map: from where this facility is reached on foot in 5, 10 and 15 minutes."],
  unit: ["区划单元", "Unit"],
  reach: ["60岁以上常住老人到养老服务", "Residents aged 60+ and eldercare"],
  standards: ["规划指标", "Standards"],
  facilities: ["设施", "Facilities"],
  notOperating: ["未运营", "not operating"],
  internal: ["内部使用 · 数据来源:本系统已导入数据", "Internal use · source: data imported into this system"],
  close: ["关闭", "Close"],
  villages: ["村(社区)步行可达率", "share of elders on foot, by village"],
} as const;

export type Key = keyof typeof words;

/** The words for key in the language in use. */
export const t = (key: Key): string => words[key][lang.value === "zh" ? 0 : 1];

/** A whole number as people write it. */
export const count = (n: number): string => n.toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB");
