package data

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed queries/*.sql
var queryFiles embed.FS

var queries = mustQueries(queryFiles)

// SQL gives the statement that a file names with `-- name: X`. A name that no
// file has is a mistake of the program, found by its first test.
func SQL(name string) string {
	s, ok := queries[name]
	if !ok {
		panic("data: no statement named " + name)
	}
	return s
}

func mustQueries(files fs.FS) map[string]string {
	q, err := readQueries(files)
	if err != nil {
		panic(err) // embedded at build: a test reads them
	}
	return q
}

// readQueries splits the files into named statements; a name twice is an error.
func readQueries(files fs.FS) (map[string]string, error) {
	names, err := fs.Glob(files, "queries/*.sql")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		parts := strings.Split(string(text), "-- name: ")
		for _, part := range parts[1:] {
			id, body, _ := strings.Cut(part, "\n")
			id = strings.TrimSpace(id)
			if _, twice := all[id]; twice {
				return nil, fmt.Errorf("%s: statement %s is named twice", name, id)
			}
			all[id] = strings.TrimSpace(body)
		}
	}
	return all, nil
}

// Statements gives all statements by name.
func Statements() map[string]string { return queries }

// Positional turns named arguments (@name) into $1, $2, … as pgx.StrictNamedArgs does, for PREPARE.
func Positional(sql string) string {
	var out strings.Builder
	number := map[string]int{}
	for i := 0; i < len(sql); i++ {
		if sql[i] != '@' || i+1 == len(sql) || !letter(sql[i+1]) || i > 0 && (sql[i-1] == '@' || sql[i-1] == '<') {
			out.WriteByte(sql[i])
			continue
		}
		j := i + 1
		for j < len(sql) && (letter(sql[j]) || sql[j] >= '0' && sql[j] <= '9') {
			j++
		}
		name := sql[i+1 : j]
		if number[name] == 0 {
			number[name] = len(number) + 1
		}
		fmt.Fprintf(&out, "$%d", number[name])
		i = j - 1
	}
	return out.String()
}

func letter(c byte) bool { return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
