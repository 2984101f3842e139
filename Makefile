# Lifecircle. `make help` lists the targets.
SHELL := /bin/bash
export CGO_ENABLED ?= 0
GO_TEST := go test -count=1

.PHONY: help build test test-real lint ci
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  \1\t/' | expand -t 14

build: ## build every package
	go build ./...

lint: ## formatting and static checks
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo 'run gofmt -w on these'; exit 1; }
	go vet ./...

test: build lint ## every test that needs nothing beside the clone
	scripts/install-postgis
	$(GO_TEST) ./...

test-real: ## tests on real files of ../shared/data (LIFECIRCLE_SHARED_DATA)
	$(GO_TEST) -tags real ./geo/...

ci: test-real ## what CI runs after make test
