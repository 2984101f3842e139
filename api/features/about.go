package features

import (
	"fmt"
	"strings"
	"time"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// About is what an installation says of its layers wherever they are listed.
type About struct {
	Licence     string // name or sentence; "" is internal use
	LicenceURL  string
	Attribution string // who is to be named
	MapApproval string // 审图号: the number under which the map was reviewed for publication; "" is internal use
}

const internalUse = "内部使用 internal use only"

func (a About) attribution() string {
	if a.Attribution == "" {
		return "生活圈 Lifecircle"
	}
	return a.Attribution
}

func (a About) approval() string {
	if a.MapApproval == "" {
		return internalUse
	}
	return a.MapApproval
}

func (a About) licence() string {
	if a.Licence == "" {
		return internalUse
	}
	return a.Licence
}

func (a About) key() string { return fmt.Sprint(a) }

// links adds where the licence can be read.
func (a About) links(to []link) []link {
	if a.LicenceURL == "" {
		return to
	}
	media := ""
	if strings.HasSuffix(a.LicenceURL, ".html") {
		media = textHTML
	}
	return append(to, link{a.LicenceURL, "license", media, a.licence()})
}

// describe adds licence, attribution, 审图号 and the dates of the data.
func (a About) describe(one map[string]any, e layer.Extent) {
	one["attribution"], one["license"], one["mapApproval"] = a.attribution(), a.licence(), a.approval()
	if !e.Updated.IsZero() {
		one["updated"] = e.Updated.Format(time.RFC3339)
	}
	if !e.AsOf.IsZero() {
		one["asOf"] = e.AsOf.Format(time.DateOnly)
	}
}

// digests names the content of every extra collection.
func (a *API) digests() string {
	var all []string
	for _, c := range a.Extra {
		all = append(all, c.Extra.Digest)
	}
	return strings.Join(all, ",")
}
