package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
)

// Workbooks writes a run as a workbook, or fills a user's own; a nil template asks for ours.
type Workbooks interface {
	Workbook(ctx context.Context, v planner.Viewer, run int64, template io.Reader, w io.Writer) error
}

// runWorkbook answers with the workbook of a run; POST brings a template whose named cells are filled.
func (a *API) runWorkbook(c echo.Context) error {
	if err := only(c); err != nil {
		return err
	}
	id, err := a.runID(c)
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), a.Viewer(c.Request())
	record, err := a.Runs.Record(ctx, id)
	if err != nil {
		return err
	}
	if _, ok := seen(v, record); !ok || record.State != "published" {
		return planner.Errorf(planner.NotFound, "没有已发布的测算%d", "there is no published run %d", id)
	}
	var template io.Reader
	if c.Request().Method == http.MethodPost {
		if c.Request().Header.Get(echo.HeaderContentType) != xlsx {
			return echo.NewHTTPError(http.StatusUnsupportedMediaType)
		}
		template = http.MaxBytesReader(c.Response(), c.Request().Body, maxWorkbook)
	}
	return attach(c, fmt.Sprintf("测算%d-%s.xlsx", id, record.AsOf.Format("20060102")), func(w io.Writer) error { return a.Workbooks.Workbook(ctx, v, id, template, w) })
}

// sparing keeps what is written in a temporary file, so that a workbook of a
// province does not stand in memory for every reader.
type sparing struct{ file *os.File }

func (s *sparing) Write(p []byte) (int, error) {
	if s.file == nil {
		var err error
		if s.file, err = os.CreateTemp("", "lifecircle-*.xlsx"); err != nil {
			return 0, err
		}
	}
	return s.file.Write(p)
}

func (s *sparing) reader() (io.Reader, error) {
	_, err := s.file.Seek(0, io.SeekStart)
	return s.file, err
}

func (s *sparing) drop() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// escaped is a file name as RFC 8187 has it.
func escaped(name string) string { return url.PathEscape(name) }
