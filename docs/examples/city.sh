# What real-cities and screens share: files of a real city from public data, and their import. Sourced by bash.
# Wants: $examples (this folder), $shared (the shared data), $work (a temporary directory).

say() { printf '%s\n' "$*"; }
fail() { printf 'FAIL: %s\n' "$*" >&2; exit 1; }
expect() { [ -n "$2" ] && [ "$2" = "$3" ] || fail "$1: ${2:-nothing} where $3 is expected"; } # WHAT GOT WANTED

# number JSON NAME: the first number of that name.
number() { grep -o "\"$2\":[0-9]*" <<<"$1" | head -n 1 | cut -d: -f2; }
# rows FILE: the rows of a CSV file without line breaks in cells, its heading not counted.
rows() { tail -n +2 "$1" | wc -l; }
# ask FILE SQL: the one value that SQL gives.
ask() {
  local dialect=SQLite
  [[ $1 != *.gpkg ]] || dialect=INDIRECT_SQLITE # SpatiaLite's functions, not only GeoPackage's
  ogrinfo -q -ro "$1" -dialect $dialect -sql "$2" | sed -n 's/^  .* = //p'
}

# table NAME SQL: a CSV file of the city's layers.
table() { ogr2ogr -f CSV "$work/$city/$1.csv" "$work/$city/city.gpkg" -dialect INDIRECT_SQLITE -sql "$2"; }
# layer NAME TYPE SOURCE SQLFILE [OPTION…]: a layer of the city's GeoPackage.
layer() {
  local name=$1 type=$2 source=$3 sql=$4; shift 4
  ogr2ogr -f GPKG -update "$work/$city/city.gpkg" "$source" "$@" -sql "@$examples/$sql" -nln "$name" -nlt "$type" -a_srs EPSG:4326
}

begin() { # CITY NETWORK ELEVATION
  city=$1 network=$2 elevation=$3
  [ -r "$network" ] && [ -r "$elevation" ] || fail "$network or $elevation is missing: give the folder of the shared data as the first argument"
  mkdir -p "$work/$city"; chmod 755 "$work/$city"
  data="$work/$city/data"
}

prepare_porto_alegre() {
  begin porto-alegre "$shared/osm/porto_alegre/poa_osm.pbf" "$shared/osm/porto_alegre/poa_elevation.tif"
  local hexagons=$shared/osm/porto_alegre/poa_hexgrid.csv
  say "Porto Alegre: $(rows "$hexagons") hexagons become villages with invented codes; those with health care are facilities."
  ogr2ogr -f GPKG "$work/$city/city.gpkg" "$hexagons" -oo AUTODETECT_TYPE=YES -dialect SQLite -sql "@$examples/porto-alegre/villages.sql" -nln villages -nlt MULTIPOLYGON -a_srs EPSG:4326
  table facilities "SELECT id, 'Health care ' || id AS name, code AS unit_code, lon, lat FROM villages WHERE healthcare > 0"
  table candidates "SELECT id, 'School ' || id AS name, code AS unit_code, lon, lat FROM villages WHERE schools > 0 AND healthcare = 0"
  table places "SELECT id, name, 'hexagon' AS class, code AS unit_code, lon, lat FROM villages"
  table addresses "SELECT id, code AS unit_code, lon, lat FROM villages WHERE 0"
  table population "SELECT code, total, elders, lon, lat FROM villages"
  # what must come out, from the file itself
  people=$(awk -F, 'NR > 1 { n += $4 } END { print n }' "$hexagons")
  elders=$(awk -F, 'NR > 1 { n += int((18 * $4 + 50) / 100) } END { print n }' "$hexagons")
  expect "villages" "$(ask "$work/$city/city.gpkg" 'SELECT count(*) FROM villages')" "$(rows "$hexagons")"
  expect "facilities" "$(rows "$work/$city/facilities.csv")" "$(awk -F, 'NR > 1 && $7 > 0' "$hexagons" | wc -l)"
}

prepare_andorra() {
  begin andorra "$shared/osm/andorra.osm.pbf" "$shared/dem/N42E001.hgt.zip"
  say "Andorra: parishes, settlements and buildings of the extract become townships, villages and addresses; pharmacies and doctors are facilities."
  ogr2ogr -f GPKG "$work/$city/city.gpkg" "$network" -dialect SQLite -sql "@$examples/andorra/parishes.sql" -nln parishes -nlt MULTIPOLYGON
  layer settlements POINT "$network" andorra/settlements.sql -dialect SQLite
  layer buildings POINT "$network" andorra/buildings.sql -dialect SQLite
  osmium tags-filter -R "$network" n/amenity=pharmacy,doctors,clinic,social_facility -o "$work/$city/clinics.osm.pbf"
  osmium export "$work/$city/clinics.osm.pbf" -a id -f geojson --geometry-types=point -o "$work/$city/clinics.geojson"
  ogr2ogr -f GPKG -update "$work/$city/city.gpkg" "$work/$city/clinics.geojson" -nln clinics -lco GEOMETRY_NAME=geometry -sql 'SELECT "@id" AS id, name, amenity FROM clinics'
  layer villages MULTIPOLYGON "$work/$city/city.gpkg" andorra/villages.sql -dialect INDIRECT_SQLITE
  table facilities "SELECT c.id, coalesce(c.name, c.amenity || ' ' || c.id) AS name, v.code AS unit_code, ST_X(c.geometry) AS lon, ST_Y(c.geometry) AS lat FROM clinics c JOIN villages v ON ST_Contains(v.geometry, c.geometry)"
  table candidates "SELECT id, name, code AS unit_code, lon, lat FROM villages WHERE 0"
  table places "SELECT id, name, place AS class, code AS unit_code, lon, lat FROM villages"
  table addresses "SELECT b.id, v.code AS unit_code, ST_X(b.geometry) AS lon, ST_Y(b.geometry) AS lat FROM buildings b JOIN villages v ON ST_Contains(v.geometry, b.geometry)"
  table population "SELECT code, total, elders FROM villages"
  people=$((18 * $(rows "$work/$city/addresses.csv")))
  elders=$(awk -F, 'NR > 1 { gsub(/"/, ""); n += int((18 * $2 + 50) / 100) } END { print n }' "$work/$city/population.csv")
  expect "parishes" "$(ask "$work/$city/city.gpkg" 'SELECT count(*) FROM parishes')" 7
  expect "settlements in a parish" "$(rows "$work/$city/places.csv")" "$(ask "$work/$city/city.gpkg" 'SELECT count(*) FROM settlements s JOIN parishes p ON ST_Contains(p.geometry, s.geometry)')"
}

# import KIND FILE [OPTION…]: the file's rows must all come in.
import() {
  local kind=$1 file=$2 told wanted; shift 2
  if [[ $file == *.csv ]]; then wanted=$(rows "$file"); else wanted=$(ogrinfo -ro -al -so "$file" | sed -n 's/^Feature Count: //p'); fi
  [ "$wanted" -gt 0 ] || return 0
  told=$("$lifecircle" import "$kind" "$file" --crs EPSG:4326 --data-dir "$data" --json "$@") || fail "import $kind: $told"
  expect "$kind imported" "$(number "$told" added)" "$wanted"
  expect "$kind rejected" "$(number "$told" rejected)" 0
  say "  import $kind: $wanted rows, none rejected"
}

# load: import and plan of the city that was prepared; the run's figures are then in $figures.
load() {
  local dir=$work/$city told
  ogr2ogr -f GeoJSON "$dir/units.geojson" "$dir/city.gpkg" -dialect INDIRECT_SQLITE -sql "@$examples/units.sql" -nlt MULTIPOLYGON
  import units "$dir/units.geojson"
  import population "$dir/population.csv" --mapping "$examples/mappings/total.yaml"
  import population "$dir/population.csv" --mapping "$examples/mappings/elders.yaml"
  import facilities "$dir/facilities.csv" --mapping "$examples/mappings/facilities.yaml"
  import candidates "$dir/candidates.csv" --mapping "$examples/mappings/candidates.yaml"
  import places "$dir/places.csv"
  import addresses "$dir/addresses.csv" --mapping "$examples/mappings/addresses.yaml"
  "$lifecircle" import elevation "$elevation" --data-dir "$data" >/dev/null
  told=$("$lifecircle" import network "$network" --data-dir "$data" --json)
  say "  import network: $(number "$told" nodes) nodes, $(number "$told" arcs) arcs"
  figures=$("$lifecircle" plan --data-dir "$data" --json)
  slope=$(grep -o '"slope_factor_greatest":[0-9.]*' <<<"$figures" | cut -d: -f2)
  say "  import elevation: walking takes up to $(printf %.2f "$slope") times as long as on the flat"
  awk -v most="$slope" 'BEGIN { exit !(most > 1) }' || fail "the elevation makes no difference"
  say "  plan: $(grep -o '"en":"Of [^"]*"' <<<"$figures" | cut -d'"' -f4)"
}

# serve: answers at $url until stop.
serve() {
  local port=$((20000 + RANDOM % 20000))
  url=http://127.0.0.1:$port
  if ! [ -e "$data/header" ]; then # imported data want a login: GDAL and curl send a token
    "$lifecircle" user add gis --data-dir "$data" >/dev/null
    "$lifecircle" user grant gis --role planner --data-dir "$data"
    echo "Authorization: Bearer $("$lifecircle" token create --user gis --name examples --scope layers.read,internal.read --data-dir "$data")" >"$data/header"
  fi
  export GDAL_HTTP_HEADER_FILE=$data/header
  "$lifecircle" serve --data-dir "$data" --listen 127.0.0.1:$port >"$work/serve.out" 2>"$work/serve.err" &
  server=$!
  for _ in $(seq 1 120); do
    grep -q '^ready ' "$work/serve.out" && return
    kill -0 "$server" 2>/dev/null || break
    sleep 0.25
  done
  fail "serve did not become ready: $(cat "$work/serve.out" "$work/serve.err")"
}
stop() { [ -z "${server:-}" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=""; }; }
