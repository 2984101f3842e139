package ingest

import "testing"

// Another system's list is read as an import would read it.
func TestFacilitiesOfAList(t *testing.T) {
	rows, refused, err := Facilities(t.Context(), Options{CRS: "4490", Files: []string{file(t, "theirs.csv", "机构名称,类型,区划代码,状态,床位,经度,纬度,停用日期\n甲养老院,养老院,990121,停业,20,121.5,28.5,2025-06-01\n乙,茶馆,990121,,,,,\n")}})
	if err != nil || len(rows) != 1 || len(refused) != 1 || refused[0].Line != 3 {
		t.Fatalf("%+v, %+v, %v", rows, refused, err)
	}
	if f := rows[0]; f.Line != 2 || f.Name != "甲养老院" || f.Services[0] != "elder_home" || f.Status != "suspended" || *f.Beds != 20 || f.Unit != "990121000000" || f.Point == nil || f.Closed.Year() != 2025 {
		t.Errorf("%+v", f)
	}
}
