# make build   the worker's wasm, and the ganbel command
# make test    sets up what it needs, then runs all tests: natively, in plain Go, under wasm
# make bench   kernels and steps a second
export GOTOOLCHAIN := go1.27.3
export GOEXPERIMENT := simd
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
WASM_SUITE := ./core/simd ./core/random ./core/graph ./core/cpu ./core/data ./core/measure ./core/wgan ./core/gumbel ./core/lab

.PHONY: build test bench node clean

build:
	GOOS=js GOARCH=wasm go build -trimpath -ldflags="-s -w" -o assets/built/worker.wasm ./wasm/worker
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" assets/built/
	go build -trimpath -o ganbel .

node:
	@command -v node >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq nodejs; }

test: node build
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./wasm/worker
	GOEXPERIMENT= go test ./core/...
	GOOS=js GOARCH=wasm go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(WASM_SUITE)
	go test ./...

bench:
	go test -run '^$$' -bench . ./core/simd ./core/measure ./core/lab

clean:
	rm -rf ganbel assets/built/*.wasm assets/built/*.js
