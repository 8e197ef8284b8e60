# make run        serves the page at http://127.0.0.1:8080 as soon as it can train; makes the rest meanwhile
# make build      all of the page, and the ganbel command with the page in it
# make single     the whole page in one file, assets/built/ganbel.html, which needs no server
# make test       sets up what it needs, then checks and tests everything: natively, in plain Go, under wasm, in Chromium and Firefox
# make test-long  the longer proofs, and a minute of fuzzing for each fuzz test
# make generate   what is generated and committed: assembly, and the notices of licences
# make reveal     copies reveal.js, for the deck in assets/examples, from node_modules
# make bench      our speed next to PyTorch's, TensorFlow.js's and jax-js's, which it installs
# make bench-draws  a thousand million draws of Gumbel-Softmax, checked, of 3 and of 10 classes; fewer in wasm
# make pictures   the README's pictures, taken from the page
export GOTOOLCHAIN := go1.27.3
export GOEXPERIMENT := simd
# All that is built and tested has the same flags, so that nothing is compiled twice.
export GOFLAGS := $(strip $(shell go env GOFLAGS) -trimpath)
# Two recipes at a time: one compiles for wasm while another does natively.
MAKEFLAGS += -j2

BUILT := assets/built
ADDR := 127.0.0.1:8080
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SOURCES := go.mod go.sum $(shell find core render wasm \( -path core/command -o -path core/sweep \) -prune -o \( -name '*.go' -o -name '*.kage' \) -print)
# Tapes that other sources recorded are recorded anew.
TAPED := go.mod serve/built/tapes.go $(shell find core \( -path core/internal -o -path core/corpus -o -path core/command -o -path core/sweep \) -prune -o -name '*.go' ! -name '*_test.go' -print)
CORE = $(shell cat $(sort $(TAPED)) | sha256sum | cut -c1-16)
# What the page needs to train, and to save what it trained.
PROGRAMS := $(BUILT)/worker.wasm $(BUILT)/stage.wasm $(BUILT)/export.wasm $(BUILT)/kernels.wasm $(BUILT)/wasm_exec.js

.PHONY: run build assets single test test-long generate reveal bench bench-draws pictures tools clean

build: assets
	go build -o ganbel .

# The page's wasm, scripts, digits, tapes and compressed twins, then within the command.
assets: $(PROGRAMS) $(BUILT)/page .tools/built
	.tools/built -core $(CORE) .

run: $(PROGRAMS) .tools/built
	.tools/built -core $(CORE) -serve $(ADDR) .

single: assets
	go run ./serve/single/cmd . $(BUILT)/ganbel.html

# A file takes its place only once it is whole: the page may be served meanwhile.
# The second version of encoding/json would be a fifth of what the page downloads.
$(BUILT)/%.wasm: $(SOURCES) | .tools
	GOEXPERIMENT=simd,nojsonv2 GOOS=js GOARCH=wasm go build $(TAGS) -ldflags="-s -w" -o .tools/$(@F) ./wasm/$*
	mv .tools/$(@F) $@
$(BUILT)/worker.wasm: TAGS := -tags kernels
# One after the other: they share most of their packages.
$(BUILT)/stage.wasm: | $(BUILT)/worker.wasm
$(BUILT)/export.wasm: | $(BUILT)/stage.wasm

KERNELS := kernels.wasm kernels-relaxed.wasm kernels-door.wasm
$(addprefix $(BUILT)/,$(KERNELS)) &: $(shell find core/simd/internal/sidemodule -name '*.go') | .tools/built
	go run ./core/simd/internal/sidemodule/cmd .tools
	cd .tools && mv $(KERNELS) ../$(BUILT)/

$(BUILT)/wasm_exec.js: Makefile | .tools
	cp "$$(go env GOROOT)/lib/wasm/wasm_exec.js" .tools/
	mv .tools/$(@F) $@

# Serves the page of the working tree, and makes what it can do without at first.
.tools/built: $(SOURCES) $(shell find serve -name '*.go') | .tools
	go build -o $@ ./serve/built/cmd

.tools:
	mkdir -p $@

# The page's scripts and style sheets, each with all that it imports.
$(BUILT)/page: $(shell find assets/page serve/single -name '*.js' -o -name '*.css' -o -name '*.go')
	go run ./serve/single/cmd .
	touch $@

# node runs the wasm tests, chromium and firefox-esr the page's, and Xvfb shows the stage's. ONNX
# models are checked by Debian's python3-onnx and run by ONNX Runtime, which Debian
# does not have: it comes from npm, as do reveal.js, for the deck, and axe-core.
tools: .tools/installed
	@for t in node chromium firefox-esr Xvfb gcc; do command -v $$t >/dev/null || missing=1; done; \
	  /usr/bin/python3 -c 'import onnx' 2>/dev/null || missing=1; \
	  [ -z "$$missing" ] || { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends nodejs chromium firefox-esr xvfb libgl1-mesa-dri python3-onnx gcc libc6-dev >/dev/null; }

NPM = @command -v npm >/dev/null || { $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -y -qq --no-install-recommends npm >/dev/null; }

.tools/installed: .ci/package.json .ci/package-lock.json | .tools
	$(NPM)
	cp $^ .tools/
	npm ci --prefix .tools --ignore-scripts --no-audit --no-fund
	touch $@

test: tools build
	.ci/test

test-long: tools build
	SHORT= TAGS=tools,long .ci/test native plain wasm relaxed kernels fuzz

generate:
	go generate ./core/simd ./assets

reveal: .tools/installed
	cp .tools/node_modules/reveal.js/LICENSE .tools/node_modules/reveal.js/dist/reveal.js .tools/node_modules/reveal.js/dist/reveal.css assets/examples/reveal/

pictures: tools build
	$(SUDO) apt-get install -y -qq --no-install-recommends fonts-noto-cjk fonts-inter >/dev/null
	mkdir -p assets/pictures
	go test -tags tools,pictures -count=1 -timeout 3h -run TestPictures ./wasm

# The peers are Debian's PyTorch and, from npm, frameworks for the browser. Those
# that cannot be installed are left out of the table.
.peers/node_modules: .ci/peers/package.json .ci/peers/package-lock.json
	-$(NPM)
	mkdir -p .peers
	cp $^ .peers/
	-npm ci --prefix .peers --ignore-scripts --no-audit --no-fund
	touch -c $@

bench: tools build .peers/node_modules
	-@/usr/bin/python3 -c 'import torch' 2>/dev/null || \
	  $(SUDO) apt-get install -y -qq --no-install-recommends python3-torch libopenblas0-pthread >/dev/null
	GOOS=js GOARCH=wasm go build -tags kernels -ldflags="-s -w" -o .peers/versus.wasm ./core/internal/versus/browser
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
	rm -rf ganbel $(BUILT)/*.* $(BUILT)/page $(BUILT)/tapes
