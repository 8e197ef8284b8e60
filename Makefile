# make run     builds everything and serves the page at http://127.0.0.1:8080
# make build   the page's wasm, and the ganbel command with the page in it
# make assets  what the page needs that is not committed
# make test    sets up what it needs, then runs all tests: natively, in plain Go, under wasm, in Chromium
# make bench   kernels and steps a second
export GOTOOLCHAIN := go1.27.3
export GOEXPERIMENT := simd
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := go.mod go.sum $(shell find core render wasm -name '*.go' -o -name '*.kage')
WASM_SUITE := ./core/simd ./core/random ./core/graph ./core/cpu ./core/data ./core/measure ./core/wgan ./core/gumbel ./core/lab ./wasm/worker

.PHONY: run build assets test bench tools clean

build: assets
	go build -trimpath -o ganbel .

# The page's wasm, digits and compressed twins, then within the command.
assets: assets/built/worker.wasm assets/built/stage.wasm
	cp -u "$$(go env GOROOT)/lib/wasm/wasm_exec.js" assets/built/
	go run . assets assets/built

assets/built/%.wasm: $(SOURCES)
	GOOS=js GOARCH=wasm go build -trimpath -ldflags="-s -w" -o $@ ./wasm/$*

run: build
	./ganbel serve

# node runs the wasm tests, chromium the page's.
tools:
	@command -v node >/dev/null && command -v chromium >/dev/null || \
	  { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends nodejs chromium; }

test: tools build
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./wasm/...
	node --test assets/page
	GOEXPERIMENT= go test ./core/...
	GOOS=js GOARCH=wasm go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(WASM_SUITE)
	go test -timeout 30m ./...

bench: build
	./ganbel bench

clean:
	rm -f ganbel assets/built/*.*
