package app

import (
	"io"
	"net/url"
	"os"
)

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
