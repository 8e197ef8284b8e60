# make run     builds everything and serves the page at http://127.0.0.1:8080
# make build   the page's wasm, and the ganbel command with the page in it
# make single  the whole page in one file, assets/built/ganbel.html, which needs no server
# make assets  what the page needs that is not committed
# make test    sets up what it needs, then runs all tests: natively, in plain Go, under wasm, in Chromium
# make bench   our speed beside PyTorch's, TensorFlow.js's and jax-js's, which it installs
# make bench-draws  a thousand million draws of Gumbel-Softmax, checked, of 3 and of 10 classes; and as many as take a minute in wasm
# make pictures  the README's pictures, taken from the page
export GOTOOLCHAIN := go1.27.3
export GOEXPERIMENT := simd
TAPED := $(shell find core \( -path core/internal -o -path core/corpus \) -prune -o -name '*.go' ! -name '*_test.go' -print) tapes.go
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := go.mod go.sum $(shell find core render wasm -name '*.go' -o -name '*.kage')
WASM_SUITE := ./core/simd ./core/random ./core/graph ./core/cpu ./core/data ./core/measure ./core/wgan ./core/gumbel ./core/score ./core/lab ./wasm/worker
KERNELS_SUITE := ./core/simd ./core/cpu ./core/wgan ./core/gumbel

.PHONY: run build assets single test bench bench-draws pictures tools clean

build: assets
	go build -trimpath -o ganbel .

# The page's wasm, digits, tapes and compressed twins, then within the command.
assets: assets/built/worker.wasm assets/built/stage.wasm assets/built/export.wasm assets/built/kernels.wasm assets/built/tapes assets/built/page
	cp -u "$$(go env GOROOT)/lib/wasm/wasm_exec.js" assets/built/
	go run . assets assets/built

# The second version of encoding/json would be a fifth of what the page downloads.
assets/built/%.wasm: $(SOURCES)
	GOEXPERIMENT=simd,nojsonv2 GOOS=js GOARCH=wasm go build $(TAGS) -trimpath -ldflags="-s -w" -o $@ ./wasm/$*
assets/built/worker.wasm: TAGS := -tags kernels

# Runs that an older core recorded are forgotten: "ganbel assets" records what is
# missing, which takes two minutes.
assets/built/tapes: $(TAPED)
	rm -rf $@
	mkdir $@

assets/built/kernels.wasm assets/built/kernels-relaxed.wasm assets/built/kernels-door.wasm &: $(SOURCES)
	go run ./core/simd/internal/sidemodule/cmd assets/built

# The page's scripts and style sheets, each with all that it imports.
assets/built/page: $(shell find assets/page serve/single -name '*.js' -o -name '*.css' -o -name '*.go')
	go run ./serve/single/cmd .
	touch $@

single: assets
	go run ./serve/single/cmd . assets/built/ganbel.html

run: build
	./ganbel serve

# node runs the wasm tests, chromium the page's, and Xvfb shows the stage's. ONNX
# models are checked by Debian's python3-onnx and run by ONNX Runtime, which Debian
# does not have: it comes from npm, as do reveal.js, for the deck, and axe-core.
tools: .tools/installed
	@for t in node chromium Xvfb; do command -v $$t >/dev/null || missing=1; done; \
	  /usr/bin/python3 -c 'import onnx' 2>/dev/null || missing=1; \
	  [ -z "$$missing" ] || { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends nodejs chromium xvfb libgl1-mesa-dri python3-onnx >/dev/null; }

.tools/installed: Makefile
	@command -v npm >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends npm >/dev/null; }
	npm install --prefix .tools --no-save --no-audit --no-fund --ignore-scripts onnxruntime-web@1.22.0 reveal.js@6.0.2 axe-core@4.14.1
	touch $@

test: tools build
	go vet ./...
	GOOS=js GOARCH=wasm go vet -tags kernels ./core/simd ./wasm/...
	node --test assets/page
	GOEXPERIMENT= go test -tags purego ./core/...
	GOOS=js GOARCH=wasm go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(WASM_SUITE)
	GOOS=js GOARCH=wasm KERNELS=relaxed go test -tags kernels -exec="node --stack-size=8192 $(CURDIR)/wasm/exec.mjs" $(KERNELS_SUITE)
	GOOS=js GOARCH=wasm KERNELS=plain go test -tags kernels -exec="node --stack-size=8192 $(CURDIR)/wasm/exec.mjs" ./core/simd
	go test -timeout 30m ./...

pictures: tools build
	$(SUDO) apt-get install -y -qq --no-install-recommends fonts-noto-cjk fonts-inter >/dev/null
	mkdir -p assets/pictures
	go test -tags pictures -count=1 -timeout 20m -run TestPictures ./wasm

# The peers are Debian's PyTorch and, from npm, frameworks for the browser. Those
# that cannot be installed are left out of the table.
.peers/node_modules:
	-@command -v npm >/dev/null || $(SUDO) apt-get install -y -qq --no-install-recommends npm >/dev/null
	-npm install --prefix .peers --no-save --no-audit --no-fund --ignore-scripts \
	  @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 @jax-js/jax@0.1.25

bench: tools build .peers/node_modules
	-@/usr/bin/python3 -c 'import torch' 2>/dev/null || \
	  $(SUDO) apt-get install -y -qq --no-install-recommends python3-torch libopenblas0-pthread >/dev/null
	GOOS=js GOARCH=wasm go build -tags kernels -trimpath -ldflags="-s -w" -o .peers/versus.wasm ./core/internal/versus/browser
	go run ./core/internal/versus
	./ganbel bench

# Twice DRAWS draws natively, and twice WASM_DRAWS in wasm, by Go and by the side module.
DRAWS ?= 1000000000
WASM_DRAWS ?= 10000000
BENCH_DRAWS := -run '^$$' -bench Draws -benchtime 1x -timeout 0 ./core/gumbel
bench-draws:
	DRAWS=$(DRAWS) go test $(BENCH_DRAWS)
	GOOS=js GOARCH=wasm DRAWS=$(WASM_DRAWS) go test -exec="$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" $(BENCH_DRAWS)
	GOOS=js GOARCH=wasm KERNELS=relaxed DRAWS=$(WASM_DRAWS) go test -tags kernels -exec="node --stack-size=8192 $(CURDIR)/wasm/exec.mjs" $(BENCH_DRAWS)

clean:
	rm -rf ganbel assets/built/*.* assets/built/tapes
