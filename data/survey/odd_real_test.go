//go:build real

package survey

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lifecircle/lifecircle/planner"
)

// Every odd file is a network or is refused by its name, in words; those that hold lines are taken when a mapping says how.
func TestOddFiles(t *testing.T) {
	shared := os.Getenv("LIFECIRCLE_SHARED_DATA")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared", "data")
	}
	mapping := filepath.Join(t.TempDir(), "any.yaml")
	tried, taken := 0, 0
	for _, dir := range []string{"oddfiles", "boundaries"} {
		err := filepath.WalkDir(filepath.Join(shared, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !Surveyed(path) {
				return err
			}
			tried++
			for _, heading := range []string{"", "id", "name", "NAME", "type", "stroke", "AREA"} {
				o := Options{CRS: "EPSG:4326", Tolerance: 2}
				if heading != "" {
					if err := os.WriteFile(mapping, []byte("columns: {class: "+heading+"}\notherwise: {class: residential}\n"), 0o600); err != nil {
						return err
					}
					o.Mapping = mapping
				}
				n, r, err := Build(t.Context(), []string{path}, o)
				switch {
				case err == nil && n.Graph.NumArcs() == 0:
					t.Errorf("%s: a network of nothing: %+v", path, r)
				case err == nil:
					taken++
				case planner.KindOf(err) != planner.Invalid || !strings.Contains(err.Error(), filepath.Base(path)):
					t.Errorf("%s with %q: %v", path, heading, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files, %d readings became networks", tried, taken)
	if tried < 20 {
		t.Errorf("only %d files", tried)
	}
}
