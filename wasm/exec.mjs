// Runs a Go program built for wasm with the tag kernels in node:
//
//	go test -tags kernels -exec "node --stack-size=8192 $PWD/wasm/exec.mjs"
//
// With KERNELS=plain it takes the side module without relaxed SIMD.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import vm from "node:vm";

const plain = process.env.KERNELS === "plain";
if (!plain && process.versions.node.split(".")[0] < 21) setFlagsFromString("--experimental-wasm-relaxed-simd");

const root = path.join(import.meta.dirname, "..");
const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
Object.assign(globalThis, { require: createRequire(import.meta.url), fs: createRequire(import.meta.url)("fs"), path });
for (const script of [path.join(goroot, "lib/wasm/wasm_exec.js"), path.join(root, "assets/kernels.js")]) {
  vm.runInThisContext(await readFile(script, "utf8"), script);
}

const go = new globalThis.Go();
go.argv = process.argv.slice(2);
go.env = { TMPDIR: tmpdir(), ...process.env };
go.exit = process.exit;
const link = await globalThis.kernels(go, (name) => readFile(path.join(root, "assets/built", plain ? name.replace("-relaxed", "") : name)));
const { instance } = await WebAssembly.instantiate(await readFile(process.argv[2]), go.importObject);
await link(instance);
process.on("exit", (code) => {
  if (code === 0 && !go.exited) { // a deadlock: Go prints its stacks
    go._pendingEvent = { id: 0 };
    go._resume();
  }
});
await go.run(instance);
