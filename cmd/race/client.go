package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
)

// client asks over one connection, as wrk and ab do: it writes, reads and does nothing else in between, so that its own
// work counts as little as can be, for all engines alike. Nobody is asked to compress.
type client struct {
	host string
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

// polygon asks and reads the whole answer, which must hold a polygon.
func (c *client) polygon(method, path, body string) error {
	status, err := c.ask(method, path, body)
	if err == nil && (status != http.StatusOK || !bytes.Contains(c.body.Bytes(), []byte("olygon"))) {
		err = fmt.Errorf("%d: %.200s", status, c.body.Bytes())
	}
	return err
}

// alive is the least that our server answers.
func (c *client) alive() error {
	status, err := c.ask(http.MethodGet, "/healthz", "")
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%d: %.200s", status, c.body.Bytes())
	}
	return err
}

func (c *client) ask(method, path, body string) (status int, err error) {
	if c.conn == nil {
		if c.conn, err = net.Dial("tcp", c.host); err != nil {
			return 0, err
		}
		c.in = bufio.NewReaderSize(c.conn, 64<<10)
	}
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n", method, path, c.host)
	if body != "" {
		head += fmt.Sprintf("Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	if _, err := io.WriteString(c.conn, head+"\r\n"+body); err != nil {
		return 0, c.broken(err)
	}
	answer, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		return 0, c.broken(err)
	}
	c.body.Reset()
	if _, err := c.body.ReadFrom(answer.Body); err != nil {
		return 0, c.broken(err)
	}
	if answer.Close {
		c.broken(nil)
	}
	return answer.StatusCode, nil
}

// broken lets the next question open a new connection.
func (c *client) broken(err error) error {
	c.conn.Close()
	c.conn = nil
	return err
}
