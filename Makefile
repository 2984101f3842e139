# Lifecircle. `make help` lists the targets.
SHELL := /bin/bash
export CGO_ENABLED := 0
export PATH := $(CURDIR)/.tools/bin:$(PATH)
LISTEN ?= 127.0.0.1:8080

.PHONY: help demo build page test test-real lint bench fuzz ci screens conformance
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 14

demo: build ## install what is missing, build, and run the demo county
	bin/lifecircle up --listen $(LISTEN)

build: page ## build bin/lifecircle
	go build -trimpath -o bin/lifecircle ./cmd/lifecircle

page:
	@scripts/install run
	rm -rf web/dist/assets
	cd web && npm run --silent build

lint: ## formatting and static checks
	@bad=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$bad" || { echo "run gofmt -w on: $$bad"; exit 1; }
	go vet ./...
	go vet -tags real ./...

test: build lint ## every test that needs nothing beside the clone, browser and GDAL included
	@scripts/install test
	go test -count=1 ./...
	scripts/test-up
	scripts/test-access

test-real: build ## tests on the real files of ../shared/data (LIFECIRCLE_SHARED_DATA names another place)
	@scripts/install test
	go test -count=1 -tags real -timeout 20m $$(git grep -l '^//go:build real' -- '*_test.go' | xargs -n1 dirname | sort -u | sed 's,^,./,')
	scripts/test-examples

SHARED ?= $(or $(LIFECIRCLE_SHARED_DATA),../shared/data)
PROVINCE ?= $(or $(TMPDIR),/tmp)/lifecircle-province
bench: build ## benchmarks of the engine; the race against Valhalla, GraphHopper and pgRouting
	go test -run '^$$' -bench . -benchmem ./geo/... ./planner/whatif
	test -e $(PROVINCE)/manifest.json || bin/lifecircle generate $(PROVINCE) --scale province --seed 1
	for net in $(PROVINCE)/network.osm.pbf $(SHARED)/osm/heidelberg.osm.pbf; do \
	  bin/lifecircle graph --network $$net --out $(PROVINCE)/bench.graph && \
	  LIFECIRCLE_BENCH_NETWORK=$(PROVINCE)/bench.graph go test -run '^$$' -bench 'Field|Memory|Open|Pairs|EditsOfNetwork' -benchtime 10x ./geo/travel ./planner/whatif || exit 1; done
	@scripts/install test
	go test -run '^$$' -bench Parse ./planner/address
	go test -run '^$$' -bench 'Province|Assign' -benchtime 1x ./planner/siting ./planner/capacity
	go test -run '^$$' -bench Geocode -benchtime 3x ./data/store
	scripts/bench-import
	scripts/bench-peers $(SHARED)/osm/porto_alegre/poa_osm.pbf
	scripts/bench-peers $(SHARED)/osm/heidelberg.osm.pbf
	scripts/bench-peers $(SHARED)/osm/london.osm.pbf

fuzz: ## every fuzzer for 20 seconds (Go would minimise for a minute each time it finds something new)
	@for f in $$(grep -rlE '^func Fuzz' --include='*_test.go' .); do for n in $$(grep -hoE '^func Fuzz\w+' $$f | cut -c6-); do \
	  go test -run '^$$' -fuzz "^$$n$$" -fuzztime 20s -fuzzminimizetime 10x ./$$(dirname $$f) || exit 1; done; done

screens: build ## draw docs/screens from the running demo at http://$(LISTEN)
	mkdir -p docs/screens && cd web && LIFECIRCLE_URL=http://$(LISTEN) SCREENS=../docs/screens node --test test/map.test.mjs

conformance: build ## OGC's test suites against the demo county; ETS names the folder of their checkouts (docs/conformance.md)
	scripts/conformance

ci: test-real ## what CI runs after make test
	scripts/test-faults
	CGO_ENABLED=1 go test -count=1 -race ./geo/graph ./geo/travel ./geo/circle ./planner/... ./api/...
