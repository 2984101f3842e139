package dem

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const kinds = ".hgt, .hgt.zip, .hgt.gz, .tif or .tiff"

// Open opens elevation files and directories of them (searched with all their
// subdirectories, in the order of names; other files are passed over). Of rasters
// equally fine the one named first goes before. Errors name the file, the place in
// it, and what to do; they are ErrFormat, ErrUnsupported or of the file system.
func Open(paths ...string) (_ *Model, err error) {
	o := &opener{}
	defer func() {
		if err != nil {
			for _, f := range o.files {
				f.Close()
			}
		}
	}()
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if info.IsDir() {
			err = o.directory(path)
		} else {
			err = o.file(path)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(o.grids) == 0 {
		return nil, errors.New("geo: no elevation file named")
	}
	return newModel(o.grids, o.files), nil
}

// opener gathers what Open opens.
type opener struct {
	grids []*grid
	files []io.Closer
}

func (o *opener) directory(dir string) error {
	before := len(o.grids)
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !elevationName(e.Name()) {
			return err
		}
		return o.file(path)
	})
	if err == nil && len(o.grids) == before {
		err = fmt.Errorf("%w: %s holds no %s", ErrFormat, dir, kinds)
	}
	return err
}

func elevationName(name string) bool {
	name = strings.ToLower(name)
	for _, end := range strings.Split(strings.ReplaceAll(kinds, " or ", ", "), ", ") {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

func (o *opener) file(path string) error {
	name := strings.ToLower(path)
	switch {
	case strings.HasSuffix(name, ".zip"):
		return o.zipped(path)
	case strings.HasSuffix(name, ".gz"):
		return o.gzipped(path)
	case strings.HasSuffix(name, ".hgt"):
		f, size, err := o.open(path)
		if err != nil {
			return err
		}
		g, err := newHGT(path, path, f, size)
		if err != nil {
			return err
		}
		o.grids = append(o.grids, g)
		return nil
	}
	f, size, err := o.open(path)
	if err != nil {
		return err
	}
	g, err := newGeoTIFF(path, f, size)
	if err != nil {
		return err
	}
	o.grids = append(o.grids, g)
	return nil
}

// open opens a file that the Model will close.
func (o *opener) open(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	o.files = append(o.files, f)
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	return f, info.Size(), nil
}
