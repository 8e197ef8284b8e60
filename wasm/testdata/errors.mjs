// Checks the Japanese of errors. TestErrorWords runs it, with {messages, source} on the
// standard input: errors, and the source of the programs that make them.
import assert from "node:assert/strict";
import test from "node:test";
import { readFileSync } from "node:fs";

globalThis.document = { documentElement: {} };
const { messages, source } = JSON.parse(readFileSync(0, "utf8")), page = "../../assets/page";
const { errorText } = await import(`${page}/errors.js`);
const { speak } = await import(`${page}/strings.js`);
const { errors } = await import(`${page}/words/ja/errors.js`);

// These are errors of browsers and of Go's own library.
const others = /^(Failed to fetch|Load failed|NetworkError|unexpected EOF|EOF|gzip: |flate: |HTTP |code |with code )/;
const plain = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (says, name) => new RegExp(says.split(/\{[a-z]+\}/).map(plain).join(name), "s");

test("every error is said in Japanese", async () => {
  await speak("ja");
  const foreign = messages.filter((text) => /英語：/.test(errorText(text)) || !/[\u3040-\u30ff\u4e00-\u9fff]/.test(errorText(text)));
  assert.deepEqual(foreign, []);
});

test("every error that has words can come", () => {
  const dead = errors.map(([says]) => says).filter((says) =>
    !others.test(says) && !pattern(says, "[^\\n]{1,90}?").test(source) && !messages.some((text) => pattern(says, ".+?").test(text)));
  assert.deepEqual(dead, []);
});
