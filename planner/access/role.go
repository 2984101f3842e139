// Package access is who may do what, where: roles, rights bounded by division
// code, the separation of powers, second factors, and the chain that makes an
// audit log tamper-evident. Pure: no database, no HTTP, no clock.
//
// Users are officials. Elders and children are counts elsewhere and never
// appear here.
package access

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// Role is a set of rights that a person can hold.
type Role string

// The roles. The last three are the separated powers (三权分立) of GB/T 22239 level 3.
const (
	Viewer        Role = "viewer"
	TownEditor    Role = "town_editor"
	CountyEditor  Role = "county_editor"
	Planner       Role = "planner"
	Auditor       Role = "auditor"
	SystemAdmin   Role = "system_admin"
	SecurityAdmin Role = "security_admin"
)

// demo is the one role of an open demo; nobody is given it.
const demo Role = "demo"

// Roles are all roles in the order of screens, with their names.
var Roles = []planner.Word{
	{ID: string(Viewer), Name: planner.Text{ZH: "查看", EN: "viewer"}},
	{ID: string(TownEditor), Name: planner.Text{ZH: "乡镇填报", EN: "town editor"}},
	{ID: string(CountyEditor), Name: planner.Text{ZH: "县级填报审核", EN: "county editor"}},
	{ID: string(Planner), Name: planner.Text{ZH: "规划", EN: "planner"}},
	{ID: string(Auditor), Name: planner.Text{ZH: "审计管理员", EN: "auditor"}},
	{ID: string(SystemAdmin), Name: planner.Text{ZH: "系统管理员", EN: "system administrator"}},
	{ID: string(SecurityAdmin), Name: planner.Text{ZH: "安全管理员", EN: "security administrator"}},
}

// Powers are the roles of which no one may hold two.
var Powers = []Role{Auditor, SystemAdmin, SecurityAdmin}

// narrowest is the number of code digits that a role's prefix must have at
// least: a town editor of a whole county is a slip of the administrator.
var narrowest = map[Role]int{TownEditor: 9, CountyEditor: 6}

// CheckGrant tells whether one person may hold roles within prefix. Errors are
// Invalid for an unknown role or a prefix that is none, Conflict for two of the
// separated powers or a scope too wide for the role.
func CheckGrant(roles []Role, prefix string) error {
	if err := CheckPrefix(prefix); err != nil {
		return err
	}
	var powers []string
	for i, r := range roles {
		known := slices.ContainsFunc(Roles, func(w planner.Word) bool { return w.ID == string(r) })
		if !known || slices.Contains(roles[:i], r) {
			return planner.Errorf(planner.Invalid, "没有角色「%s」,或重复填写", "there is no role %q, or it is given twice", r)
		}
		if slices.Contains(Powers, r) {
			powers = append(powers, string(r))
		}
		if n := narrowest[r]; len(prefix) < n {
			return planner.Errorf(planner.Conflict, "角色「%s」的区划范围至少需要%d位代码,现为「%s」", "role %[1]q needs a scope of at least %[2]d code digits, not %[3]q", r, n, prefix)
		}
	}
	if len(powers) > 1 {
		return planner.Errorf(planner.Conflict, "三权分立:同一人不能同时担任 %s", "separation of powers: one person cannot be %s", strings.Join(powers, " + "))
	}
	return nil
}

// CheckPrefix accepts "" (everything) and the significant digits of a unit: 2, 4, 6, 9 or 12.
func CheckPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	_, err := planner.ParseCode(prefix)
	return err
}
