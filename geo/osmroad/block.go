package osmroad

import (
	"github.com/paulmach/osm"
)

// block reads one block of objects after the other.
type block struct {
	nodes, ways, relations bool
	visit                  func(osm.Object) error

	strings              []string
	granularity          int64 // nanodegrees
	latOffset, lonOffset int64
	node                 osm.Node // used for every node
}

// read visits the objects of a block.
func (b *block) read(data []byte) error {
	b.strings, b.granularity, b.latOffset, b.lonOffset = b.strings[:0], 100, 0, 0
	var groups [][]byte
	err := fields(data, func(f field) error {
		switch f.id {
		case 1:
			return fields(f.bytes, func(s field) error {
				if s.id == 1 {
					b.strings = append(b.strings, string(s.bytes))
				}
				return nil
			})
		case 2:
			groups = append(groups, f.bytes)
		case 17:
			b.granularity = int64(f.number)
		case 19:
			b.latOffset = int64(f.number)
		case 20:
			b.lonOffset = int64(f.number)
		}
		return nil
	})
	for _, g := range groups {
		if err == nil {
			err = fields(g, b.object)
		}
	}
	return err
}

// object reads a member of a group.
func (b *block) object(f field) error {
	switch {
	case f.id == 1 && b.nodes:
		return b.single(f.bytes)
	case f.id == 2 && b.nodes:
		return b.dense(f.bytes)
	case f.id == 3 && b.ways:
		return b.way(f.bytes)
	case f.id == 4 && b.relations:
		return b.relation(f.bytes)
	}
	return nil
}

// text gives a string of the block's table.
func (b *block) text(i uint64) (string, error) {
	if i >= uint64(len(b.strings)) {
		return "", errDamaged
	}
	return b.strings[i], nil
}

// tags reads keys and values, which are as many.
func (b *block) tags(into osm.Tags, keys, values row) (osm.Tags, error) {
	for len(keys) > 0 || len(values) > 0 {
		k, ok := keys.unsigned()
		v, ok2 := values.unsigned()
		if !ok || !ok2 {
			return nil, errDamaged
		}
		key, err := b.text(k)
		if err != nil {
			return nil, err
		}
		value, err := b.text(v)
		if err != nil {
			return nil, err
		}
		into = append(into, osm.Tag{Key: key, Value: value})
	}
	return into, nil
}

// place sets the node's position from its coordinates in the block's grain.
func (b *block) place(lat, lon int64) {
	b.node.Lat = 1e-9 * float64(b.latOffset+b.granularity*lat)
	b.node.Lon = 1e-9 * float64(b.lonOffset+b.granularity*lon)
}

func (b *block) single(data []byte) (err error) {
	var keys, values row
	var lat, lon int64
	b.node = osm.Node{Tags: b.node.Tags[:0]}
	err = fields(data, func(f field) error {
		switch f.id {
		case 1:
			b.node.ID = osm.NodeID(zigzag(f.number))
		case 2:
			keys = f.bytes
		case 3:
			values = f.bytes
		case 8:
			lat = zigzag(f.number)
		case 9:
			lon = zigzag(f.number)
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.place(lat, lon)
	if b.node.Tags, err = b.tags(b.node.Tags, keys, values); err != nil {
		return err
	}
	return b.visit(&b.node)
}

// dense reads nodes whose ids, coordinates and tags stand in rows; each is told as the difference to the one before.
func (b *block) dense(data []byte) error {
	var ids, lats, lons, tags row
	err := fields(data, func(f field) error {
		switch f.id {
		case 1:
			ids = f.bytes
		case 8:
			lats = f.bytes
		case 9:
			lons = f.bytes
		case 10:
			tags = f.bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	var id, lat, lon int64
	tagged := len(tags) > 0
	for len(ids) > 0 || len(lats) > 0 || len(lons) > 0 {
		i, ok := ids.signed()
		y, ok2 := lats.signed()
		x, ok3 := lons.signed()
		if !ok || !ok2 || !ok3 {
			return errDamaged
		}
		id, lat, lon = id+i, lat+y, lon+x
		b.node = osm.Node{ID: osm.NodeID(id), Tags: b.node.Tags[:0]}
		b.place(lat, lon)
		for tagged { // keys and values by turns, 0 after the last of a node
			k, ok := tags.unsigned()
			if !ok {
				return errDamaged
			}
			if k == 0 {
				break
			}
			v, ok := tags.unsigned()
			if !ok {
				return errDamaged
			}
			key, err := b.text(k)
			if err != nil {
				return err
			}
			value, err := b.text(v)
			if err != nil {
				return err
			}
			b.node.Tags = append(b.node.Tags, osm.Tag{Key: key, Value: value})
		}
		if err := b.visit(&b.node); err != nil {
			return err
		}
	}
	return nil
}

func (b *block) way(data []byte) (err error) {
	w := &osm.Way{}
	var keys, values, refs row
	err = fields(data, func(f field) error {
		switch f.id {
		case 1:
			w.ID = osm.WayID(f.number)
		case 2:
			keys = f.bytes
		case 3:
			values = f.bytes
		case 8:
			refs = f.bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	if w.Tags, err = b.tags(nil, keys, values); err != nil {
		return err
	}
	for id := int64(0); len(refs) > 0; {
		d, ok := refs.signed()
		if !ok {
			return errDamaged
		}
		id += d
		w.Nodes = append(w.Nodes, osm.WayNode{ID: osm.NodeID(id)})
	}
	return b.visit(w)
}

// kinds of a relation's members, as the format numbers them.
var memberKinds = []osm.Type{osm.TypeNode, osm.TypeWay, osm.TypeRelation}

func (b *block) relation(data []byte) (err error) {
	r := &osm.Relation{}
	var keys, values, roles, ids, kinds row
	err = fields(data, func(f field) error {
		switch f.id {
		case 1:
			r.ID = osm.RelationID(f.number)
		case 2:
			keys = f.bytes
		case 3:
			values = f.bytes
		case 8:
			roles = f.bytes
		case 9:
			ids = f.bytes
		case 10:
			kinds = f.bytes
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.Tags, err = b.tags(nil, keys, values); err != nil {
		return err
	}
	for id := int64(0); len(roles) > 0 || len(ids) > 0 || len(kinds) > 0; {
		s, ok := roles.unsigned()
		d, ok2 := ids.signed()
		k, ok3 := kinds.unsigned()
		if !ok || !ok2 || !ok3 || k >= uint64(len(memberKinds)) {
			return errDamaged
		}
		role, err := b.text(s)
		if err != nil {
			return err
		}
		id += d
		r.Members = append(r.Members, osm.Member{Type: memberKinds[k], Ref: id, Role: role})
	}
	return b.visit(r)
}
