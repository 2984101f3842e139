package graph

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"io"
	"sync"
	"unsafe"
)

// The file of a graph is its memory: a header and the arrays, each a section that begins at a multiple of 64 bytes, so
// that the file can be mapped and used as it is. Numbers are little endian, and so must be the machine.
//
// Header: magic (8 bytes), format and number of sections (uint32 each), the SHA-256 of what the graph was made of (zero
// when nobody said), one entry for each section, the CRC-32C of all that (uint32). An entry is offset and bytes (uint64),
// bytes of one element and CRC-32C of the section (uint32), and its SHA-256.
//
// The CRC is checked whenever a file is opened: a province takes some 20 ms. The SHA-256 is what the graph is named by.
const (
	magic     = "LCGRAPH\n"
	format    = 3
	fixedHead = len(magic) + 4 + 4 + sha256.Size
	entrySize = 8 + 8 + 4 + 4 + sha256.Size
	alignment = 64
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// FileError says what is wrong with a graph file, in both languages. Such a file must be made again.
type FileError struct{ ZH, EN string }

func (e *FileError) Error() string { return fmt.Sprintf("geo: %s (%s)", e.EN, e.ZH) }

func damaged(zh, en string, args ...any) error {
	return &FileError{fmt.Sprintf(zh, args...), fmt.Sprintf(en, args...)}
}

// Section is one array of a graph file.
type Section struct {
	Name    string `json:"section"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Damaged bool   `json:"damaged"` // the bytes are not those that the file was made with

	offset  int64
	element uint32
	crc     uint32
	sha     [sha256.Size]byte
}

// sums are the sections of a graph's file, computed when first asked for.
type sums struct {
	once     sync.Once
	source   string // hex
	sections []Section
}

// array is one slice of a graph: its name in the file, its bytes, and how to set it.
type array struct {
	name    string
	element uint32
	bytes   []byte
	set     func([]byte)
}

func arrayOf[T any](name string, s *[]T) array {
	size := unsafe.Sizeof(*new(T))
	return array{name, uint32(size), unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(*s))), uintptr(len(*s))*size), func(b []byte) {
		*s = unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b))/size)
	}}
}

// arrays are the sections in the order of the file.
func (g *Graph) arrays() []array {
	return []array{
		arrayOf("points", &g.points), arrayOf("osm_ids", &g.osm), arrayOf("elevation", &g.elev),
		arrayOf("chains", &g.chains), arrayOf("links", &g.links), arrayOf("leaving", &g.leave),
		arrayOf("piece_chain", &g.within), arrayOf("piece_length", &g.length), arrayOf("piece_kind", &g.kindOf),
		arrayOf("kinds", &g.kinds), arrayOf("inner_piece", &g.enters),
		arrayOf("fixed_arc", &g.fixedArc), arrayOf("fixed_millis", &g.fixed), arrayOf("water_ends", &g.waterEnd), arrayOf("water_points", &g.shores),
	}
}

// Sections lists the arrays with their sizes and checksums.
func (g *Graph) Sections() []Section {
	g.sums.once.Do(func() {
		offset := int64(headSize(len(g.arrays())))
		for _, a := range g.arrays() {
			offset = aligned(offset)
			sha := sha256.Sum256(a.bytes)
			g.sums.sections = append(g.sums.sections, Section{a.name, int64(len(a.bytes)), hex.EncodeToString(sha[:]), false, offset, a.element, crc32.Checksum(a.bytes, castagnoli), sha})
			offset += int64(len(a.bytes))
		}
	})
	return g.sums.sections
}

// Digest names the graph by its content, whatever it was made of: the hex SHA-256 of its format and of its sections.
func (g *Graph) Digest() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s%d\n", magic, format)
	for _, s := range g.Sections() {
		fmt.Fprintf(h, "%s %d %s\n", s.Name, s.Bytes, s.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// SourceDigest gives the SHA-256 of what the graph was made of, "" when nobody said.
func (g *Graph) SourceDigest() string { return g.sums.source }

// WithSource is the same graph with the SHA-256 (hex) of what it was made of, which its file tells.
func (g *Graph) WithSource(digest string) *Graph {
	made := *g
	made.sums = &sums{source: digest}
	return &made
}

// Bytes gives the size of the graph in memory, which is that of its file.
func (g *Graph) Bytes() int64 {
	last := g.Sections()[len(g.Sections())-1]
	return last.offset + last.Bytes
}

func headSize(sections int) int { return fixedHead + sections*entrySize + 4 }

func aligned(offset int64) int64 { return (offset + alignment - 1) / alignment * alignment }

// WriteTo writes the graph's file.
func (g *Graph) WriteTo(w io.Writer) (int64, error) {
	head := binary.LittleEndian.AppendUint32([]byte(magic), format)
	head = binary.LittleEndian.AppendUint32(head, uint32(len(g.Sections())))
	source, err := hex.DecodeString(g.sums.source)
	if err != nil || len(source) != sha256.Size {
		source = make([]byte, sha256.Size)
	}
	head = append(head, source...)
	for _, s := range g.Sections() {
		head = binary.LittleEndian.AppendUint64(head, uint64(s.offset))
		head = binary.LittleEndian.AppendUint64(head, uint64(s.Bytes))
		head = binary.LittleEndian.AppendUint32(head, s.element)
		head = binary.LittleEndian.AppendUint32(head, s.crc)
		head = append(head, s.sha[:]...)
	}
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(head, castagnoli))
	n, err := w.Write(head)
	written := int64(n)
	for i, a := range g.arrays() {
		for _, part := range [][]byte{make([]byte, g.Sections()[i].offset-written), a.bytes} {
			if err == nil {
				n, err = w.Write(part)
				written += int64(n)
			}
		}
	}
	return written, err
}

// parse makes a graph of a file's bytes, which begin at a multiple of 8 in memory and must not change. It checks the header
// and that every section lies in the file.
func parse(file []byte) (*Graph, error) {
	g := &Graph{}
	arrays := g.arrays()
	size := headSize(len(arrays))
	switch {
	case len(file) < len(magic)+8 || string(file[:len(magic)]) != magic:
		if len(file) < len(magic)+8 && bytes.HasPrefix([]byte(magic), file[:min(len(file), len(magic))]) {
			return nil, cut(len(file))
		}
		return nil, damaged("这不是路网图文件", "this is no graph file")
	case binary.NativeEndian.Uint16([]byte{1, 0}) != 1:
		return nil, damaged("路网图文件需要小端序处理器", "graph files need a little-endian machine")
	}
	le := binary.LittleEndian
	if f := le.Uint32(file[len(magic):]); f != format {
		return nil, damaged("路网图文件的格式为%d,本程序读格式%d", "the graph file is of format %d, this program reads %d", f, format)
	}
	if len(file) < size {
		return nil, cut(len(file))
	}
	if le.Uint32(file[len(magic)+4:]) != uint32(len(arrays)) || le.Uint32(file[size-4:]) != crc32.Checksum(file[:size-4], castagnoli) {
		return nil, damaged("路网图文件的文件头已损坏", "the header of the graph file is damaged")
	}
	g.sums = &sums{}
	if source := file[len(magic)+8 : fixedHead]; !bytes.Equal(source, make([]byte, sha256.Size)) {
		g.sums.source = hex.EncodeToString(source)
	}
	end := int64(size)
	for i, a := range arrays {
		e := file[fixedHead+i*entrySize:]
		s := Section{a.name, int64(le.Uint64(e[8:])), hex.EncodeToString(e[24:entrySize]), false, int64(le.Uint64(e)), le.Uint32(e[16:]), le.Uint32(e[20:]), [sha256.Size]byte(e[24:entrySize])}
		if s.offset != aligned(end) || s.Bytes < 0 || s.element != a.element || s.Bytes%int64(s.element) != 0 || s.Bytes > 1<<48 {
			return nil, damaged("路网图文件的文件头自相矛盾", "the header of the graph file contradicts itself")
		}
		if s.offset+s.Bytes > int64(len(file)) {
			return nil, cut(len(file))
		}
		for _, b := range file[end:s.offset] {
			if b != 0 {
				return nil, damaged("路网图文件在「%s」部分之前已损坏", "the graph file is damaged before its section %s", s.Name)
			}
		}
		end = s.offset + s.Bytes
		a.set(file[s.offset:end:end])
		g.sums.sections = append(g.sums.sections, s)
	}
	if end != int64(len(file)) {
		return nil, damaged("路网图文件比应有的长%d字节", "the graph file is %d bytes too long", int64(len(file))-end)
	}
	g.sums.once.Do(func() {})
	return g, g.sizes()
}

func cut(bytes int) error {
	return damaged("路网图文件不完整,只有%d字节", "the graph file is cut after %d bytes", bytes)
}

// sizes checks that the arrays go together.
func (g *Graph) sizes() error {
	nodes, pieces := len(g.points), len(g.length)
	if len(g.osm) != nodes || len(g.elev) != nodes || len(g.chains) == 0 || len(g.links) == 0 || g.NumChains() > pieces ||
		g.Junctions()+pieces-g.NumChains() != nodes || len(g.leave) != 2*g.NumChains() || len(g.enters) != nodes-g.Junctions() ||
		len(g.within) != pieces || len(g.kindOf) != pieces || len(g.kinds)%2 != 0 || len(g.fixedArc) != len(g.fixed) {
		return damaged("路网图文件的各部分长度不符", "the sections of the graph file do not go together")
	}
	return nil
}

// prove checks every section's SHA-256, and that every number points at something. The error names the first that is wrong.
func (g *Graph) prove() error {
	var first error
	for i, a := range g.arrays() {
		s := &g.sums.sections[i]
		if s.Damaged = sha256.Sum256(a.bytes) != s.sha; s.Damaged {
			first = cmp.Or(first, damaged("路网图文件的「%s」部分已损坏,校验和不符", "section %s of the graph file is damaged: its checksum is wrong", s.Name))
		}
	}
	if first == nil && !g.consistent() {
		first = damaged("路网图文件自相矛盾", "the graph file contradicts itself")
	}
	return first
}

// consistent tells whether no accessor can leave the arrays.
func (g *Graph) consistent() bool {
	junctions, chains, pieces := uint32(g.Junctions()), uint32(g.NumChains()), uint32(len(g.length))
	ok := g.chains[0].first == 0 && g.chains[chains].first == pieces && g.links[0] == 0 && g.links[junctions] == uint32(len(g.leave))
	for c := uint32(0); ok && c < chains; c++ {
		at, next := g.chains[c], g.chains[c+1].first
		ok = at.first < next && next <= pieces && at.from < junctions && at.to < junctions
		for p := at.first; ok && p < next; p++ {
			ok = g.within[p] == c && int(g.kindOf[p]) < len(g.kinds)/2 && (p+1 == next || int(p-c) < len(g.enters) && g.enters[p-c] == p)
		}
	}
	for j := uint32(0); ok && j < junctions; j++ {
		first, last := g.Links(j)
		ok = first <= last && last <= uint32(len(g.leave))
		for l := first; ok && l < last; l++ {
			end := g.leave[l]
			ok = end>>1 < chains && (end&1 == 0 && g.chains[end>>1].from == j || end&1 == 1 && g.chains[end>>1].to == j)
		}
	}
	for i := 1; ok && i < len(g.fixedArc); i++ {
		ok = g.fixedArc[i-1] < g.fixedArc[i]
	}
	begin := uint32(0)
	for _, end := range g.waterEnd {
		ok = ok && begin <= end && int(end) <= len(g.shores)
		begin = end
	}
	return ok
}
