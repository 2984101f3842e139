package app

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// flow is an answer that may be long. It is collected until it passes a size, then flows to the reader as it grows. Until
// it flows an error is an answer of its own.
type flow struct {
	c       echo.Context
	media   string
	b       []byte
	flowing bool
}

// patience is how long a reader may take none of the answer: whoever asks for much and reads nothing holds memory.
const patience = time.Minute

// pass sends what has been collected, if it is more than size bytes. It waits for a slow reader, and
// fails when the reader is gone.
func (f *flow) pass(size int) error {
	if len(f.b) <= size {
		return nil
	}
	if !f.flowing {
		f.flowing = true
		f.c.Response().Header().Set(echo.HeaderContentType, f.media)
		f.c.Response().WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(f.c.Response()).SetWriteDeadline(time.Now().Add(patience)) // where the connection has deadlines
	_, err := f.c.Response().Write(f.b)
	f.b = f.b[:0]
	return err
}

// end sends the rest.
func (f *flow) end() error {
	if !f.flowing {
		return f.c.Blob(http.StatusOK, f.media, f.b)
	}
	err := f.pass(0)
	_ = http.NewResponseController(f.c.Response()).SetWriteDeadline(time.Time{})
	return err
}

// appendText writes a JSON string.
func appendText(b []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a string does not fail
	return append(b, quoted...)
}
