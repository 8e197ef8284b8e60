// Run by "node --test assets/page".
import assert from "node:assert/strict";
import test from "node:test";
import { options } from "./embed/options.js";
import { keyOf } from "./embed/keep.js";

test("what WordPress puts after an address is no setting", () => {
  const plain = options("?lang=ja", "#v=1&tab=gumbel&width=32&p=live");
  assert.equal(plain.secret, "");
  for (const mark of ["#?secret=AbC123xyz0", "?secret=AbC123xyz0"]) {
    const { secret, ...rest } = options("?lang=ja", `#v=1&tab=gumbel&width=32&p=live${mark}`);
    assert.equal(secret, "AbC123xyz0");
    assert.deepEqual({ secret: "", ...rest }, { ...plain });
    assert.equal(keyOf("/", rest), keyOf("/", plain));
  }
  assert.deepEqual(options("", "#?secret=AbC123xyz0").settings, {});
  assert.equal(options("", "#secret=7").secret, "");
});
