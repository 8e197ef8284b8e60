# make run     builds everything and serves the page at http://127.0.0.1:8080
# make build   the page's wasm, and the ganbel command with the page in it
# make assets  what the page needs that is not committed
# make test    sets up what it needs, then runs all tests: natively, in plain Go, under wasm, in Chromium
# make bench   kernels and steps a second
# make pictures  the README's pictures, taken from the page
export GOTOOLCHAIN := go1.27.3
export GOEXPERIMENT := simd
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := go.mod go.sum $(shell find core render wasm -name '*.go' -o -name '*.kage')
WASM_SUITE := ./core/simd ./core/random ./core/graph ./core/cpu ./core/data ./core/measure ./core/wgan ./core/gumbel ./core/lab ./wasm/worker

.PHONY: run build assets test bench pictures tools clean

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

# node runs the wasm tests, chromium the page's, and Xvfb shows the stage's.
tools:
	@command -v node chromium Xvfb >/dev/null && test "$$(command -v node chromium Xvfb | wc -l)" = 3 || \
	  { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends nodejs chromium xvfb libgl1-mesa-dri >/dev/null; }

test: tools build
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./wasm/...
	node --test assets/page
	GOEXPERIMENT= go test -tags purego ./core/...
	GOOS=js GOARCH=wasm go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(WASM_SUITE)
	go test -timeout 30m ./...

pictures: tools build
	$(SUDO) apt-get install -y -qq --no-install-recommends fonts-noto-cjk fonts-inter >/dev/null
	mkdir -p assets/pictures
	go test -tags pictures -count=1 -timeout 20m -run TestPictures ./wasm

bench: build
	./ganbel bench

clean:
	rm -f ganbel assets/built/*.*
