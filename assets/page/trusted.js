// Trusted types: if the page's policy requires them, the browser starts a script from an
// address only if this policy allowed it. Browsers without them use the policy as well.

// policy returns the policy, of which a window or a worker can have only one.
// own(address) reports whether a script is ours. The function refers to nothing outside
// itself: a worker that starts from a blob gets it as text, see files.js.
export function policy(own) {
  const rules = {
    createScriptURL(address) {
      if (own(address)) return address;
      throw new TypeError(`${address} is no script of Ganbel`);
    },
  };
  return globalThis.trustedTypes?.createPolicy("ganbel", rules) ?? rules;
}
