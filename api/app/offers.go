package app

import (
	"slices"
	"sync"
)

// offers keeps the facilities that offer some services, as a viewer saw them in one snapshot on one day: a province has
// tens of thousands, and each question about a service asks for all. What was used longest ago makes room.
type offers struct {
	sync.Mutex
	lists map[string][]place
	order []string
}

const keptOffers = 12

func (o *offers) get(key string) ([]place, bool) {
	o.Lock()
	defer o.Unlock()
	list, ok := o.lists[key]
	if ok {
		i := slices.Index(o.order, key)
		o.order = append(slices.Delete(o.order, i, i+1), key)
	}
	return slices.Clip(list), ok // whoever appends to it takes a copy
}

func (o *offers) put(key string, list []place) {
	o.Lock()
	defer o.Unlock()
	if o.lists == nil {
		o.lists = map[string][]place{}
	}
	if _, known := o.lists[key]; known {
		return
	}
	if len(o.order) == keptOffers {
		delete(o.lists, o.order[0])
		o.order = slices.Delete(o.order, 0, 1)
	}
	o.lists[key], o.order = list, append(o.order, key)
}
