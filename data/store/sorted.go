package store

import (
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner/layer"
)

// keys are the columns to sort by, texts by code points.
func keys(c layer.Collection, q layer.Query) []string {
	var all []string
	for _, o := range q.Sort {
		i := slices.IndexFunc(c.Properties, func(p layer.Property) bool { return p.Name == o.Property })
		key := column(c, i)
		if c.Properties[i].Type == layer.String {
			key += ordered
		}
		all = append(all, key)
	}
	return all
}

// orderBy is the order of a read: what is asked for, then the id.
func orderBy(c layer.Collection, q layer.Query) string {
	all := keys(c, q)
	for i, o := range q.Sort {
		if o.Descending {
			all[i] += " DESC"
		}
		all[i] += " NULLS LAST"
	}
	return strings.Join(append(all, "t.id"+ordered), ", ")
}

// after is the condition that a feature comes after the one named @after. Its
// values are read again rather than carried in the cursor: the snapshot keeps them.
func (s *Store) after(c layer.Collection, q layer.Query) string {
	sql := "t.id" + ordered + " > @after"
	all := keys(c, q)
	for i := len(all) - 1; i >= 0; i-- {
		last := "(SELECT " + all[i] + " FROM (" + s.source(c.ID) + ") t WHERE t.id = @after)"
		sign := " > "
		if q.Sort[i].Descending {
			sign = " < "
		}
		beyond := "(" + last + " IS NOT NULL AND (" + all[i] + sign + last + " OR " + all[i] + " IS NULL))"
		sql = "(" + beyond + " OR (" + all[i] + " IS NOT DISTINCT FROM " + last + " AND " + sql + "))"
	}
	return sql
}
