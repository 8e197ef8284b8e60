import assert from "node:assert/strict";
import test from "node:test";
import { policy } from "./trusted.js";

const own = (address) => address === "https://a/assets/worker.js";

test("the policy admits our own scripts and no other", (t) => {
  for (const browser of ["with trusted types", "without"]) {
    const made = [];
    globalThis.trustedTypes = browser === "without" ? undefined : {
      createPolicy(name, rules) {
        made.push(name);
        return { createScriptURL: (address) => ({ trusted: rules.createScriptURL(address) }) };
      },
    };
    t.after(() => { delete globalThis.trustedTypes; });
    const { createScriptURL } = policy(own);
    const want = "https://a/assets/worker.js";
    assert.deepEqual(createScriptURL(want), browser === "without" ? want : { trusted: want });
    assert.deepEqual(made, browser === "without" ? [] : ["ganbel"]);
    for (const other of ["https://a/assets/worker.js?x", "https://b/assets/worker.js", "//b/worker.js", "data:text/javascript,1", "blob:https://a/1", "worker.js", "", "__proto__"]) {
      assert.throws(() => createScriptURL(other), { name: "TypeError", message: `${other} is no script of Ganbel` });
    }
  }
});

test("the policy works as the text that a worker gets", () => {
  const copy = new Function("own", `return (${policy})(own)`);
  assert.equal(copy(own).createScriptURL("https://a/assets/worker.js"), "https://a/assets/worker.js");
  assert.throws(() => copy(own).createScriptURL("https://a/x.js"), TypeError);
});
