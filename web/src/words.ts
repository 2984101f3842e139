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
  audit: ["审计日志", "Audit log"],
  search: ["查询", "Search"],
  verifyChain: ["校验", "Verify"],
  chainHolds: ["日志链完整,行数", "The chain holds, rows:"],
  chainBroken: ["日志链断开于第", "The chain breaks at row"],
  more: ["更多", "More"],
} as const;

export type Key = keyof typeof words;

/** The words for key in the language in use. */
export const t = (key: Key): string => words[key][lang.value === "zh" ? 0 : 1];

/** People, or that they are too few to be shown. */
export const people = (n: unknown): string => (n === null ? t("withheld") : `${count(Number(n))} ${t("people")}`);

/** A whole number as people write it. */
export const count = (n: number): string => n.toLocaleString(lang.value === "zh" ? "zh-CN" : "en-GB");
