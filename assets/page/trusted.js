// Trusted types: where the server asks for them, the browser starts a script from an
// address only if this policy admitted it. Without them the policy is asked all the same.

// policy returns the one that there may be in a window or a worker. own(address) says
// whether a script is ours. It uses nothing around it: a worker that starts from a blob
// has it as text, see files.js.
export function policy(own) {
  const rules = {
    createScriptURL(address) {
      if (own(address)) return address;
      throw new TypeError(`${address} is no script of Ganbel`);
    },
  };
  return globalThis.trustedTypes?.createPolicy("ganbel", rules) ?? rules;
}
