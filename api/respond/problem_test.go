package respond

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// An error after the answer has begun ends the connection: half of an answer is never taken for the whole.
func TestBrokenAnswersAreSeenToBeBroken(t *testing.T) {
	e := echo.New()
	e.HTTPErrorHandler = Errors(slog.New(slog.DiscardHandler))
	e.Use(middleware.Recover(), middleware.Gzip())
	e.GET("/", func(c echo.Context) error {
		c.Response().WriteHeader(http.StatusOK)
		_, _ = io.WriteString(c.Response(), strings.Repeat("row\n", 10_000))
		return errors.New("the database went away")
	})
	s := httptest.NewUnstartedServer(e)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Start()
	defer s.Close()
	for _, packed := range []bool{true, false} {
		client := &http.Client{Transport: &http.Transport{DisableCompression: !packed}}
		answer, err := client.Get(s.URL)
		if err == nil {
			_, err = io.ReadAll(answer.Body)
			answer.Body.Close()
		}
		if err == nil {
			t.Errorf("packed %v: the answer looks whole", packed)
		}
	}
}
