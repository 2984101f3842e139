package features

import (
	"embed"
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
)

const (
	stylesRel  = "http://www.opengis.net/def/rel/ogc/1.0/styles"
	mapboxType = "application/vnd.mapbox.style+json"
)

// styleFiles are the styles of the map over our own tiles, in the style language
// of MapLibre; {base} is where the program is reached. The first is the default.
//
//go:embed styles/*.json
var styleFiles embed.FS

var styleIDs = []string{"base", "facilities", "circles", "gaps"}

type style struct {
	Name     string
	Metadata struct{ Description string }
	text     string
}

func readStyle(c echo.Context) (string, style, error) {
	id := path.Base(c.Param("styleId"))
	b, err := styleFiles.ReadFile("styles/" + id + ".json")
	var s style
	if err != nil || json.Unmarshal(b, &s) != nil {
		return id, s, planner.Errorf(planner.NotFound, "没有样式「%.60s」", "there is no style %.60q", c.Param("styleId"))
	}
	s.text = strings.ReplaceAll(string(b), "{base}", base(c))
	return id, s, nil
}

func (a *API) styles(c echo.Context) error {
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	var all []map[string]any
	for _, id := range styleIDs {
		c.SetParamNames("styleId")
		c.SetParamValues(id)
		_, s, err := readStyle(c)
		if err != nil {
			return err
		}
		all = append(all, map[string]any{"id": id, "title": s.Name, "links": styleLinks(c, id)})
	}
	return c.JSON(http.StatusOK, map[string]any{"default": styleIDs[0], "styles": all})
}

func styleLinks(c echo.Context, id string) []link {
	at := base(c) + "/ogc/styles/" + id
	return []link{{at, "stylesheet", mapboxType, "style of MapLibre"}, {at + "/metadata", "describedby", "application/json", "metadata"}}
}

func (a *API) style(c echo.Context) error {
	if f := c.QueryParam("f"); f != "" && f != "mapbox" && f != "json" || len(c.QueryParams()) > 1 || len(c.QueryParams()) == 1 && f == "" {
		return planner.Errorf(planner.Invalid, "样式只有参数f=mapbox", "a style has the parameter f=mapbox alone")
	}
	_, s, err := readStyle(c)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, mapboxType, []byte(s.text))
}

func (a *API) styleMetadata(c echo.Context) error {
	if err := onlyParams(c, "f"); err != nil {
		return err
	}
	id, s, err := readStyle(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"id": id, "title": s.Name, "description": s.Metadata.Description, "pointOfContact": a.About.attribution(), "license": a.About.licence(), "mapApproval": a.About.approval(),
		"stylesheets": []map[string]any{{"title": s.Name, "version": "8", "specification": "https://maplibre.org/maplibre-style-spec/", "native": true, "link": styleLinks(c, id)[0]}}, "links": styleLinks(c, id)})
}
