package api

import (
	"github.com/lifecircle/lifecircle/api/login"
	"github.com/lifecircle/lifecircle/planner/access"
)

// rights says what each route takes. A route without a row is answered with 404,
// and a test fails the build.
var rights = map[string]access.Action{
	"GET /":         login.Anybody,
	"GET /assets/*": login.Anybody,
	"GET /healthz":  login.Anybody,
	"GET /readyz":   login.Anybody,

	"GET /api/v1/openapi.json":  login.Anybody,
	"GET /api/v1/words":         login.Anybody,
	"GET /api/v1/isochrones":    access.ReadLayers,
	"POST /api/v1/isochrones":   access.ReadLayers,
	"POST /api/v1/travel-times": access.ReadLayers,
	"POST /api/v1/whatif":       access.ReadInternal,
	"GET /api/v1/runs":          access.ReadLayers,
	"POST /api/v1/runs":         access.StartRun,
	"GET /api/v1/runs/:id":      access.ReadLayers,
	"DELETE /api/v1/runs/:id":   access.StartRun,
	"GET /api/v1/units/:code":   access.ReadLayers,
	"GET /api/v1/geocode":       access.Geocode,
	"POST /api/v1/geocode":      access.Geocode,
	"POST /api/v1/geocode/csv":  access.Geocode,
	"GET /api/v1/suggest":       access.Geocode,
	"GET /api/v1/reverse":       access.Geocode,
	"POST /api/v1/reverse":      access.Geocode,

	"GET /api/v1/runs/:id/workbook":  access.ReadLayers,
	"POST /api/v1/runs/:id/workbook": access.ReadInternal,
	"GET /api/v1/ledger":             access.ReadInternal,
	"GET /api/v1/ledger/history":     access.ReadInternal,
	"GET /api/v1/ledger/workbook":    access.ReadInternal,
	"PUT /api/v1/ledger/workbook":    access.EditLedger,
	"POST /api/v1/ledger/changes":    access.ReadInternal, // the row says who may: edit, review or accept
	"POST /api/v1/ledger/runs":       access.AcceptLedger,

	"GET /ogc":                                                     access.ReadLayers,
	"GET /ogc/":                                                    access.ReadLayers,
	"GET /ogc/api":                                                 access.ReadLayers,
	"GET /ogc/conformance":                                         access.ReadLayers,
	"GET /ogc/collections":                                         access.ReadLayers,
	"GET /ogc/collections/:collectionId":                           access.ReadLayers, // candidates: internal.read
	"GET /ogc/collections/:collectionId/schema":                    access.ReadLayers,
	"GET /ogc/collections/:collectionId/queryables":                access.ReadLayers,
	"GET /ogc/collections/:collectionId/items":                     access.ReadLayers,
	"GET /ogc/collections/:collectionId/items/:featureId":          access.ReadLayers,
	"GET /layers/:file":                                            access.ReadLayers,
	"GET /ogc/tiles/WebMercatorQuad/:tileMatrix/:tileRow/:tileCol": access.ReadLayers,

	"GET /api/v1/session":               login.Anybody,
	"POST /api/v1/session":              login.Anybody,
	"DELETE /api/v1/session":            login.Anybody,
	"POST /api/v1/link":                 login.Anybody,
	"GET /api/v1/sso":                   login.Anybody,
	"GET /api/v1/sso/callback":          login.Anybody,
	"POST /api/v1/account/password":     access.OwnAccount,
	"POST /api/v1/account/totp":         access.OwnAccount,
	"PUT /api/v1/account/totp":          access.OwnAccount,
	"GET /api/v1/account/tokens":        access.OwnAccount,
	"POST /api/v1/account/tokens":       access.OwnAccount,
	"DELETE /api/v1/account/tokens/:id": access.OwnAccount,
	"GET /api/v1/users":                 access.ListUsers,
	"POST /api/v1/users":                access.CreateUser,
	"PATCH /api/v1/users/:name":         access.CreateUser,
	"PUT /api/v1/users/:name/roles":     access.GrantRole,
	"GET /api/v1/tokens":                access.RevokeToken,
	"DELETE /api/v1/tokens/:id":         access.RevokeToken,
	"GET /api/v1/settings":              access.ChangeSecurity,
	"PUT /api/v1/settings":              access.ChangeSecurity,
	"GET /api/v1/audit":                 access.ReadAudit,
	"GET /api/v1/audit/export":          access.ReadAudit,
	"GET /api/v1/audit/verification":    access.ReadAudit,
}
