package respond

import (
	"encoding/json"

	"github.com/labstack/echo/v4"
)

const changed = "lifecircle.changed"

// Changed notes what a request has changed, for the audit log.
func Changed(c echo.Context, what any) { c.Set(changed, what) }

// ChangeOf gives that as JSON, nil for nothing.
func ChangeOf(c echo.Context) []byte {
	what := c.Get(changed)
	if what == nil {
		return nil
	}
	b, err := json.Marshal(what)
	if err != nil {
		return nil
	}
	return b
}
