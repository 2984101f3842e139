package app

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// Addresses finds standard addresses; within is the division that bounds the answers, "" everywhere.
type Addresses interface {
	Geocode(ctx context.Context, texts []string, within planner.Code) ([]geocode.Answer, error)
	Suggest(ctx context.Context, typed string, within planner.Code, limit int) ([]geocode.Place, error)
	// Reverse tells what lies at points (lon, lat), addresses at most some metres away.
	Reverse(ctx context.Context, points []orb.Point, metres float64) ([]geocode.Here, error)
}

// Bounds of one request.
const (
	maxTexts   = 1000
	maxSuggest = 50
	maxMetres  = 10000
	maxList    = 64 << 20 // bytes of a CSV
)

// geocodeRoutes adds the routes of addresses.
func (a *API) geocodeRoutes(v1 *echo.Group, get func(string, echo.HandlerFunc)) {
	get("/geocode", a.geocodeOne)
	v1.POST("/geocode", a.geocodeMany, jsonOnly)
	v1.POST("/geocode/csv", a.geocodeCSV)
	get("/suggest", a.suggest)
	get("/reverse", a.reverseOne)
	v1.POST("/reverse", a.reverseMany, jsonOnly)
}

// bounds gives the division that answers stay in: the one asked for, inside what the viewer sees.
func (a *API) bounds(c echo.Context, asked string) (planner.Code, error) {
	viewer := a.Viewer(c.Request())
	if asked == "" {
		asked = viewer.Prefix
	}
	if asked == "" {
		return "", nil
	}
	code, err := planner.ParseCode(asked)
	if err != nil {
		return "", err
	}
	if !viewer.Sees(code) {
		return "", planner.Errorf(planner.Forbidden, "无权查看行政区 %s", "unit %s is not yours to see", code)
	}
	return code, nil
}

// asked reads q and within of a query.
func (a *API) asked(c echo.Context, more ...string) (string, planner.Code, error) {
	if err := only(c, append([]string{"q", "within"}, more...)...); err != nil {
		return "", "", err
	}
	if !c.QueryParams().Has("q") {
		return "", "", planner.Errorf(planner.Invalid, "请给出地址 q", "give the address as q")
	}
	within, err := a.bounds(c, c.QueryParam("within"))
	return c.QueryParam("q"), within, err
}

func (a *API) geocodeOne(c echo.Context) error {
	text, within, err := a.asked(c)
	if err != nil {
		return err
	}
	answers, err := a.Addresses.Geocode(c.Request().Context(), []string{text}, within)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, answers[0])
}

func (a *API) geocodeMany(c echo.Context) error {
	var ask struct {
		Texts  []string `json:"texts"`
		Within string   `json:"within"`
	}
	if err := body(c, &ask, maxBody); err != nil {
		return err
	}
	if len(ask.Texts) == 0 || len(ask.Texts) > maxTexts {
		return planner.Errorf(planner.Invalid, "请给出1到%d个地址(texts)", "give 1 to %d addresses as texts", maxTexts)
	}
	within, err := a.bounds(c, ask.Within)
	if err != nil {
		return err
	}
	answers, err := a.Addresses.Geocode(c.Request().Context(), ask.Texts, within)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"answers": answers})
}

func (a *API) suggest(c echo.Context) error {
	text, within, err := a.asked(c, "limit")
	if err != nil {
		return err
	}
	limit := 10
	if given := c.QueryParam("limit"); given != "" {
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > maxSuggest {
			return planner.Errorf(planner.Invalid, "limit应为1到%d的整数", "limit must be a whole number from 1 to %d", maxSuggest)
		}
	}
	places, err := a.Addresses.Suggest(c.Request().Context(), text, within, limit)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"places": places})
}

func (a *API) reverseOne(c echo.Context) error {
	if err := only(c, "lon", "lat", "metres"); err != nil {
		return err
	}
	lon, errLon := strconv.ParseFloat(c.QueryParam("lon"), 64)
	lat, errLat := strconv.ParseFloat(c.QueryParam("lat"), 64)
	if errLon != nil || errLat != nil {
		return planner.Errorf(planner.Invalid, "请给出数字 lon 和 lat", "give lon and lat as numbers")
	}
	metres := 0.0
	if given := c.QueryParam("metres"); given != "" {
		var err error
		if metres, err = strconv.ParseFloat(given, 64); err != nil || metres == 0 {
			return wrongMetres()
		}
	}
	all, err := a.reverse(c, []orb.Point{{lon, lat}}, metres)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, all[0])
}

func (a *API) reverseMany(c echo.Context) error {
	var ask struct {
		Points []orb.Point `json:"points"`
		Metres float64     `json:"metres"`
	}
	if err := body(c, &ask, maxBody); err != nil {
		return err
	}
	if len(ask.Points) == 0 || len(ask.Points) > maxTexts {
		return planner.Errorf(planner.Invalid, "请给出1到%d个点(points)", "give 1 to %d points", maxTexts)
	}
	all, err := a.reverse(c, ask.Points, ask.Metres)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"answers": all})
}

func wrongMetres() error {
	return planner.Errorf(planner.Invalid, "metres应为0到%d之间的数字", "metres must be a number between 0 and %d", maxMetres)
}

// reverse asks for points and leaves out what the viewer may not see; 0 metres are the usual 500.
func (a *API) reverse(c echo.Context, points []orb.Point, metres float64) ([]geocode.Here, error) {
	if metres == 0 {
		metres = 500
	}
	if !(metres > 0 && metres <= maxMetres) {
		return nil, wrongMetres()
	}
	for _, p := range points {
		if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
			return nil, planner.Errorf(planner.Invalid, "点(%g, %g)不是经纬度", "(%g, %g) is no lon, lat", p[0], p[1])
		}
	}
	all, err := a.Addresses.Reverse(c.Request().Context(), points, metres)
	if err != nil {
		return nil, err
	}
	viewer := a.Viewer(c.Request())
	for i := range all {
		if h := &all[i]; h.Nearest != nil && !viewer.Sees(h.Nearest.Code) {
			h.Nearest, h.Metres = nil, 0
		}
	}
	return all, nil
}

// geocodeCSV answers a CSV (UTF-8, with a heading) with the same rows and more columns, row by row as they come.
func (a *API) geocodeCSV(c echo.Context) error {
	if media, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType)); media != "text/csv" {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	if err := only(c, "column", "within"); err != nil {
		return err
	}
	within, err := a.bounds(c, c.QueryParam("within"))
	if err != nil {
		return err
	}
	if c.Request().ContentLength > maxList { // said before the first row: an answer that is broken off looks whole
		return planner.Errorf(planner.Invalid, "CSV 超过%d MiB,请分成几份", "the CSV is larger than %d MiB: send it in parts", maxList>>20)
	}
	in := csv.NewReader(http.MaxBytesReader(c.Response(), c.Request().Body, maxList))
	in.FieldsPerRecord, in.LazyQuotes = -1, true
	header, err := in.Read()
	if err != nil {
		return planner.Errorf(planner.Invalid, "CSV 没有表头", "the CSV has no heading")
	}
	header[0] = strings.TrimPrefix(header[0], "\uFEFF")
	column := geocode.AddressColumn(header)
	if name := c.QueryParam("column"); name != "" {
		column = slices.Index(header, name)
	}
	if column < 0 {
		return planner.Errorf(planner.Invalid, "没有地址列;表头:%[1]s;可用 column 指定", "there is no column of addresses among %[1]s; name it as column", strings.Join(header, ","))
	}
	var out *csv.Writer // opened by the first answer, so that an error before it is an answer of its own
	for done := false; !done; {
		var rows [][]string
		var texts []string
		for len(rows) < maxTexts {
			row, err := in.Read()
			if errors.Is(err, io.EOF) {
				done = true
				break
			}
			if err != nil {
				return planner.Errorf(planner.Invalid, "CSV 有误:%v", "the CSV is wrong: %v", err)
			}
			for len(row) < len(header) {
				row = append(row, "")
			}
			rows, texts = append(rows, row), append(texts, row[column])
		}
		answers, err := a.Addresses.Geocode(c.Request().Context(), texts, within)
		if err != nil {
			return err
		}
		if out == nil {
			if err := http.NewResponseController(c.Response().Writer).EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
				return err
			}
			c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
			c.Response().WriteHeader(http.StatusOK)
			out = csv.NewWriter(c.Response())
			if err := out.Write(slices.Concat(header, geocode.Columns)); err != nil {
				return err
			}
		}
		for i, row := range rows {
			// cells beyond the heading would move the answer's: they are given up
			if err := out.Write(slices.Concat(row[:len(header)], answers[i].Values())); err != nil {
				return err
			}
		}
		out.Flush()
		c.Response().Flush()
	}
	return out.Error()
}
