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
  tracked: ["仅跟踪或待核实", "tracked, or to be verified"],
  standards: ["规划指标", "Standards"],
  facilities: ["设施", "Facilities"],
  notOperating: ["未运营", "not operating"],
  internal: ["内部使用 · 数据来源:本系统已导入数据", "Internal use · source: data imported into this system"],
  close: ["关闭", "Close"],
  villages: ["村(社区)步行可达率", "share of elders on foot, by village"],
  withheld: ["人数较少,不公布", "few people: not shown"],
  login: ["登录", "Log in"],
  logout: ["退出", "Log out"],
  name: ["登录名", "Login name"],
  nameFirst: ["登录名(仅首次设置时填写)", "Login name (only when the account is new)"],
  display: ["姓名", "Name"],
  password: ["密码", "Password"],
  oldPassword: ["原密码", "Present password"],
  passwordAgain: ["再次输入密码", "Password again"],
  passwordsDiffer: ["两次密码不一致", "The two passwords differ"],
  passwordRule: ["至少10个字符,含大写、小写、数字、其他字符中的三种;或至少16个字符。", "At least 10 characters of three kinds (upper, lower, digits, others), or at least 16."],
  code: ["动态口令", "Code"],
  sso: ["统一身份认证登录", "Single sign-on"],
  stayPublic: ["仅查看公开图层", "Public layers only"],
  setUp: ["设置账户", "Set up your account"],
  save: ["保存", "Save"],
  changePassword: ["修改密码", "Change the password"],
  secondFactor: ["第二因素", "Second factor"],
  enrolFirst: ["请先启用第二因素。", "Enrol a second factor first."],
  begin: ["启用", "Begin"],
  confirm: ["确认", "Confirm"],
  authenticator: ["在身份验证器中添加密钥:", "Add this key to your authenticator:"],
  recovery: ["恢复码(每个只能用一次,请妥善保存):", "Recovery codes, each good once; keep them safe:"],
  tokens: ["访问令牌(QGIS、脚本)", "API tokens (QGIS, scripts)"],
  newToken: ["新建令牌(90天)", "New token (90 days)"],
  tokenName: ["用途", "What for"],
  tokenOnce: ["令牌只显示一次:", "The token is shown this once:"],
  revoke: ["吊销", "Revoke"],
  revoked: ["已吊销", "revoked"],
  users: ["用户", "Users"],
  roles: ["角色", "Roles"],
  scope: ["区划范围(代码前几位)", "Scope (first digits of the code)"],
  everything: ["全部", "everything"],
  disabled: ["已停用", "disabled"],
  locked: ["已锁定", "locked"],
  noPassword: ["未设密码", "no password yet"],
  enable: ["启用", "Enable"],
  disable: ["停用", "Disable"],
  unlock: ["解锁", "Unlock"],
  reset: ["重置", "Reset"],
  grant: ["授权", "Grant"],
  newUser: ["开户", "New account"],
  create: ["创建", "Create"],
  linkOnce: ["一次性链接(24小时内有效),请转交本人:", "One-time link, good for 24 hours: hand it over:"],
  settings: ["安全设置", "Security settings"],
  requireTOTP: ["所有人须启用第二因素", "Everybody needs a second factor"],
  publicLayers: ["公开图层(如 units coverage gaps,以空格分隔;空为不公开)", "Public layers (such as units coverage gaps; none: nothing is public)"],
  smallNumber: ["少于此数的人数不公布", "Counts of people below this are not shown to the public"],
  audit: ["审计日志", "Audit log"],
  search: ["查询", "Search"],
  verifyChain: ["校验", "Verify"],
  chainHolds: ["日志链完整,行数", "The chain holds, rows:"],
  chainBroken: ["日志链断开于第", "The chain breaks at row"],
  more: ["更多", "More"],
  find: ["查找地名、地址", "Find a place or an address"],
  findHint: ["地名、地址、拼音或首字母", "Name, address, pinyin or initials"],
  place: ["地名地址", "Place"],
  score: ["匹配得分", "Score"],
  coordinates: ["经纬度", "Lon, lat"],
  unitFigures: ["查看该单元指标", "Figures of this unit"],
  versions: ["历次数据", "Versions"],
  version: ["数据版本", "data version"],
  until: ["止于", "until"],
  review: ["设施地址核对", "Addresses of facilities"],
  linkNow: ["重新匹配", "Match again"],
  nothingToReview: ["没有待核的地址。", "Nothing waits to be checked."],
  why: ["原因", "Why"],
  proposals: ["建议与候选", "Proposals"],
  accept: ["采用", "Accept"],
  reject: ["不采用", "Reject"],
  changes: ["区划变更预览", "Preview of a change"],
  changesHint: ["仅预览影响,不修改数据。", "Shows what would be touched; nothing is changed."],
  preview: ["预览", "Preview"],
  unitCode: ["单元代码", "Code of the unit"],
  changeKind: ["变更类型", "Kind of change"],
  newName: ["新名称", "New name"],
  newCode: ["新代码", "New code"],
  mergeInto: ["并入单元的代码", "Code of the unit that it goes into"],
  applyChange: ["实施更名", "Make this change"],
  reason: ["理由(如批准文号)", "Why (such as the decree)"],
  applyByImport: ["代码、并入、撤销和界线通过导入区划与变更数据实施(import units、import changes)。", "Codes, mergers, abolitions and outlines are made by importing units and changes (import units, import changes)."],
  outline: ["新界线(GeoJSON)", "New outline (GeoJSON)"],
  area: ["面积", "Area"],
  overlaps: ["与同级单元重叠", "Overlaps"],
  enters: ["划入", "Comes in"],
  leaves: ["划出", "Goes out"],
  inside: ["按代码属于本单元", "In it by code"],
} as const;

export type Key = keyof typeof words;

/** The words for key in the language in use. */
export const t = (key: Key): string => words[key][lang.value === "zh" ? 0 : 1];

const fields: Record<string, [string, string]> = {
  name: ["名称", "name"], level: ["级别", "level"], code: ["区划代码", "division code"], address_id: ["标准地址编码", "id of the address"], romanisation: ["罗马字母拼写", "romanisation"], aliases: ["别名", "other names"],
  old_names: ["曾用名", "old names"], class: ["类别", "class"], meaning: ["含义", "meaning"], history: ["沿革", "history"], description: ["描述", "description"], parent_code: ["上级代码", "code above"],
  reporting_parent: ["统计归口", "reports to"], is_island: ["海岛", "island"], unit_code: ["区划代码", "division code"], full_text: ["标准地址", "standard address"], street: ["街路巷", "street"], hamlet: ["自然村", "hamlet"],
  plate: ["门牌", "plate"], compound: ["小区", "estate"], building: ["幢", "building"], use: ["用途", "use"], outline: ["界线", "outline"], lon: ["经度", "lon"], lat: ["纬度", "lat"], address: ["地址", "address"], status: ["状态", "status"],
  beds: ["床位", "beds"], valid_from: ["设立日期", "since"], valid_to: ["撤销日期", "until"], position_level: ["位置来源级别", "level of the position"], position_score: ["位置得分", "score of the position"],
  province: ["省", "province"], prefecture: ["市", "prefecture"], county: ["县(市、区)", "county"], township: ["乡镇(街道)", "township"], village: ["村(社区)", "village"],
};

/** The name of a field of a record, or of a level of an address; itself when there is no word. */
export const field = (name: string): string => fields[name]?.[lang.value === "zh" ? 0 : 1] ?? name;

const sorts: Record<string, [string, string]> = {
  units: ["区划单元", "units"], places: ["地名", "places"], addresses: ["标准地址", "addresses"], texts: ["含该名称的地址文字", "address texts with the name"], facilities: ["设施", "facilities"], figures: ["规划指标", "figures"], gaps: ["缺口", "gaps"],
};

/** What sort of things a change touches. */
export const touched = (sort: string): string => sorts[sort]?.[lang.value === "zh" ? 0 : 1] ?? sort;

/** People, or that they are too few to be shown. */
export const people = (n: unknown): string => (n === null ? t("withheld") : `${count(Number(n))} ${t("people")}`);

/** A whole number as people write it. */
export const count = (n: number): string => n.toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB");
