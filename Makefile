# Everything here runs with Go, make and a POSIX shell. What else is there is used,
# and what is missing is said.

FUZZTIME = 10m
TARGETS = linux/amd64 linux/arm64 linux/arm darwin/arm64 windows/amd64
RELEASE = CGO_ENABLED=0 go build -trimpath -ldflags "-s -w"
GOVULNCHECK = golang.org/x/vuln/cmd/govulncheck@v1.9.0

.PHONY: test test-ui test-go test-long day check vulnerabilities bench bench-sync bench-stage bench-media bench-library bench-films bench-crowd library fuzz build cross clean

test: test-ui test-go

# The page's tests. Node.js is for those who change the page; in CI it has to be there.
test-ui:
	@set -e; \
	if [ ! -d node/web/ui/test ]; then exit 0; fi; \
	files=$$(find node/web/ui/test -name '*.test.js' -o -name '*.test.mjs'); \
	if [ -z "$$files" ]; then exit 0; fi; \
	if command -v node >/dev/null 2>&1; then \
		node --test $$files; \
	elif [ "$$CI" = true ]; then \
		echo "test: CI must have Node.js for the page's tests" >&2; exit 1; \
	else \
		echo "test: without Node.js the page's own tests are left out"; \
	fi

# What browsers and players show is a matter of milliseconds: it is looked at when the others are done.
REST = $$(go list ./... | grep -v '/nodetest$$')

# The race detector needs a C compiler that can link; building a cgo package tells.
test-go:
	@set -e; \
	go vet ./...; \
	race=; \
	if CGO_ENABLED=1 go build -race -o /dev/null runtime/cgo 2>/dev/null; then \
		race=-race; export CGO_ENABLED=1; \
	else \
		echo "test: without a C compiler the race detector is left out"; \
	fi; \
	echo "go test $$race -timeout 10m ./..."; \
	failed=0; \
	go test $$race -timeout 10m $(REST) || failed=1; \
	go test $$race -timeout 10m ./node/nodetest || failed=1; \
	exit $$failed

# What takes minutes: bad days, live sources, three viewers; the library with three places in each film,
# and more of what is broken and killed.
test-long:
	go vet -tags long ./...
	WATCHPARTY_SEEKS=3 go test -race -tags long -timeout 60m ./node/nodetest ./media/rendition ./store

# A day of comings and goings, after which nothing may be held that was not at the beginning: make day DAY=90m
DAY = 24h
day:
	WATCHPARTY_LONG=$(DAY) go test -v -tags long -run '^TestDay$$' -count 1 -timeout 0 ./node/nodetest

check:
	@found=$$(gofmt -l .); if [ -n "$$found" ]; then echo "not gofmt's way:"; echo "$$found"; exit 1; fi
	go vet ./...
	@$(MAKE) vulnerabilities

# Without a network there is nothing to compare with, and that is said; a known
# vulnerability in what we call (govulncheck's exit 3) fails.
vulnerabilities:
	@mkdir -p dist/tools; \
	if ! GOBIN="$$PWD/dist/tools" go install $(GOVULNCHECK); then \
		echo "check: govulncheck could not be fetched; vulnerabilities were not looked up"; exit 0; \
	fi; \
	dist/tools/govulncheck ./...; code=$$?; \
	case $$code in \
	0) ;; \
	3) exit 1 ;; \
	*) echo "check: govulncheck did not get through; vulnerabilities were not looked up" ;; \
	esac

# How well screens are kept together has a target of its own.
bench:
	go test -run '^$$' -bench . -skip '^Benchmark(Sync|Stage|Media|Films$$|Crowd$$)' -benchmem -count 1 ./...

# Real browsers and players, for an hour or so; SYNC=quick takes minutes, and SYNC="runs=1 joins=0"
# changes the plan. BENCH=Pages/lan picks one, OUT=FILE keeps the figures as JSON, CLIP=FILE is played.
# MPV_SYNC=DIR is a folder with measure.py, players.py and syncplay_bench.py.
BENCH =
SYNC =
OUT =
CLIP =
MPV_SYNC =
abs = $(if $(1),$(abspath $(1)))
bench-sync:
	@if [ -z "$(MPV_SYNC)" ]; then \
		echo "bench-sync: without MPV_SYNC=DIR, a folder with measure.py, players.py and syncplay_bench.py, three mpv are not compared with Syncplay"; \
	fi
	WATCHPARTY_BENCH_SYNC="$(SYNC)" WATCHPARTY_BENCH_OUT="$(call abs,$(OUT))" WATCHPARTY_BENCH_CLIP="$(call abs,$(CLIP))" \
	WATCHPARTY_BENCH_MPV="$(call abs,$(MPV_SYNC))" \
	go test -run '^$$' -bench '^BenchmarkSync$(subst /,$$/^,$(BENCH))' -benchtime 1x ./node/nodetest

# Cameras: from glass to glass in Chromium, and 40 viewers, and guests' nodes; BENCH=Glass, Crowd or Node picks one.
bench-stage:
	go test -run '^$$' -bench '^BenchmarkStage$(BENCH)' -benchtime 1x ./node/nodetest

# The media door beside nginx, and 50 viewers; BENCH=File, Segments, QUIC or Viewers picks one.
bench-media:
	go test -run '^$$' -bench '^BenchmarkMedia$(BENCH)' -benchtime 1x ./node/nodetest

# The test library for oneself, made by ffmpeg: make library LIBRARY=DIR
LIBRARY = dist/library
library:
	node/nodetest/testdata/library.sh "$(LIBRARY)"

# Every film of the test library at ten places, in Chromium and in mpv; tests go to three.
bench-library:
	WATCHPARTY_SEEKS=10 go test -v -count 1 -run '^TestLibrary$$' ./node/nodetest

# Films of 720p: how fast they are converted, how soon they are there, how well they are kept together.
bench-films:
	go test -tags long -v -run '^$$' -bench '^BenchmarkFilms$$' -benchtime 1x ./node/nodetest

# A thousand guests hear ten lines a second, and the same with a channel for each seat; fifty of them do not read.
bench-crowd:
	go test -v -run '^$$' -bench '^BenchmarkCrowd$$' -benchtime 1x ./node/nodetest

# One target after the other, FUZZTIME each: make fuzz FUZZTIME=30s
fuzz:
	@set -e; \
	for pkg in $$(go list ./...); do \
		targets=$$(go test -vet=off -list '^Fuzz' $$pkg); \
		for target in $$(echo "$$targets" | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; \
			go test -vet=off -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5s $$pkg; \
		done; \
	done

build:
	$(RELEASE) -o watchparty .

cross:
	@set -e; mkdir -p dist; \
	for target in $(TARGETS); do \
		os=$${target%/*}; arch=$${target#*/}; \
		out=dist/watchparty-$$os-$$arch; \
		if [ $$os = windows ]; then out=$$out.exe; fi; \
		echo "$$out"; \
		GOOS=$$os GOARCH=$$arch $(RELEASE) -o $$out .; \
	done

clean:
	rm -rf dist watchparty watchparty.exe
