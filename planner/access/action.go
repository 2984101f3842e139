package access

import (
	"slices"

	"github.com/lifecircle/lifecircle/planner"
)

// Action is something that can be allowed or refused.
type Action string

// The actions.
const (
	ReadLayers      Action = "layers.read"      // map, layers, figures of published runs
	ReadInternal    Action = "internal.read"    // burial candidates, scenarios, unpublished runs
	Geocode         Action = "geocode.use"      // text to standard address and back
	EditBase        Action = "base.edit"        // correct units, places, addresses and facilities by hand
	EditFacility    Action = "facility.edit"    // correct a ledger
	ApproveFacility Action = "facility.approve" // accept what a town has filled in
	ImportData      Action = "data.import"      // a new data version
	StartRun        Action = "run.start"        // evaluate the standards
	PublishRun      Action = "run.publish"      // make a run the one that all see; static publications
	EditScenario    Action = "scenario.edit"    // what-if edits and siting
	EditStandard    Action = "standard.edit"    // standards and assumptions (口径)
	EditLedger      Action = "ledger.edit"      // fill in the list of gaps
	ReviewLedger    Action = "ledger.review"    // a county passes it on or sends it back
	AcceptLedger    Action = "ledger.accept"    // city and province accept or return; hold the list against a run
	ListUsers       Action = "user.list"
	CreateUser      Action = "user.create"  // accounts without rights, their links, disabling, unlocking
	GrantRole       Action = "user.role"    // roles and scope of others
	RevokeToken     Action = "token.revoke" // tokens of others
	ChangeSecurity  Action = "setting.security"
	ChangeSystem    Action = "setting.system" // backup, jobs, caches
	ReadAudit       Action = "audit.read"
	PruneAudit      Action = "audit.prune"
	OwnAccount      Action = "account.own" // one's own password, second factor, tokens
)

// Reach says how far an action's scope goes.
type Reach uint8

// The reaches.
const (
	Within Reach = iota // units inside the scope, by code or by reporting parent
	Charge              // units that the scope answers for: a development zone's belong to the zone
	Own                 // oneself only: no unit is asked about
)

// Rule allows an action to roles.
type Rule struct {
	Action Action
	Name   planner.Text
	Reach  Reach
	Roles  []Role
}

var everyone = []Role{Viewer, TownEditor, CountyEditor, Planner, Auditor, SystemAdmin, SecurityAdmin}

// Rules is the whole matrix of rights: what no row allows is refused.
// Administrators see no layers and planners no accounts; who needs both has two roles.
var Rules = []Rule{
	{ReadLayers, planner.Text{ZH: "查看图层与指标", EN: "read layers and figures"}, Within, []Role{Viewer, TownEditor, CountyEditor, Planner, demo}},
	{ReadInternal, planner.Text{ZH: "查看内部资料", EN: "read candidates and scenarios"}, Within, []Role{TownEditor, CountyEditor, Planner, demo}},
	{Geocode, planner.Text{ZH: "地址匹配", EN: "geocode"}, Within, []Role{Viewer, TownEditor, CountyEditor, Planner, demo}},
	{EditBase, planner.Text{ZH: "更正地名地址与区划", EN: "correct base data"}, Charge, []Role{TownEditor, CountyEditor, Planner, demo}},
	{EditFacility, planner.Text{ZH: "填报设施台账", EN: "edit the facility ledger"}, Charge, []Role{TownEditor, CountyEditor, demo}},
	{ApproveFacility, planner.Text{ZH: "审核设施台账", EN: "approve ledger changes"}, Charge, []Role{CountyEditor, demo}},
	{ImportData, planner.Text{ZH: "导入数据", EN: "import data"}, Charge, []Role{CountyEditor, Planner, demo}},
	{StartRun, planner.Text{ZH: "发起测算", EN: "start a run"}, Within, []Role{CountyEditor, Planner, demo}},
	{PublishRun, planner.Text{ZH: "发布测算", EN: "publish a run"}, Charge, []Role{Planner, demo}},
	{EditScenario, planner.Text{ZH: "编制方案与选址", EN: "edit scenarios and sitings"}, Within, []Role{CountyEditor, Planner, demo}},
	{EditStandard, planner.Text{ZH: "修改标准与口径", EN: "edit standards and assumptions"}, Charge, []Role{Planner, demo}},
	{EditLedger, planner.Text{ZH: "填报缺口清单", EN: "fill in the list of gaps"}, Charge, []Role{TownEditor, CountyEditor, demo}},
	{ReviewLedger, planner.Text{ZH: "审核缺口清单", EN: "review the list of gaps"}, Charge, []Role{CountyEditor, demo}},
	{AcceptLedger, planner.Text{ZH: "确认缺口清单", EN: "accept the list of gaps"}, Within, []Role{Planner, demo}},
	{ListUsers, planner.Text{ZH: "查看用户", EN: "list users"}, Within, []Role{SystemAdmin, SecurityAdmin}},
	{CreateUser, planner.Text{ZH: "开户、停用、重置", EN: "create, disable and reset accounts"}, Within, []Role{SystemAdmin}},
	{GrantRole, planner.Text{ZH: "授权", EN: "grant roles and scope"}, Within, []Role{SecurityAdmin}},
	{RevokeToken, planner.Text{ZH: "吊销令牌", EN: "revoke tokens of others"}, Within, []Role{SecurityAdmin}},
	{ChangeSecurity, planner.Text{ZH: "安全设置", EN: "change security settings"}, Within, []Role{SecurityAdmin}},
	{ChangeSystem, planner.Text{ZH: "系统设置", EN: "change system settings"}, Within, []Role{SystemAdmin}},
	{ReadAudit, planner.Text{ZH: "查看审计日志", EN: "read the audit log"}, Within, []Role{Auditor}},
	{PruneAudit, planner.Text{ZH: "清理过期日志", EN: "prune old audit rows"}, Within, []Role{Auditor}},
	{OwnAccount, planner.Text{ZH: "管理自己的账户", EN: "manage one's own account"}, Own, everyone},
}

// RuleOf finds the rule of an action.
func RuleOf(a Action) (Rule, bool) {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Action == a })
	if i < 0 {
		return Rule{}, false
	}
	return Rules[i], true
}
