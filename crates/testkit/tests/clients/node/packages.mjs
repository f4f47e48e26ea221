// Imported before a script: has it find packages where `cargo xtask tools` put them, which is no folder above it.

import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";

const scripts = new URL("./", import.meta.url).href;
const packages = pathToFileURL(`${process.env.PIMENTO_PACKAGES}/`).href;

// Node runs hooks in a thread of their own, which imports this as well.
if (isMainThread) {
  register(import.meta.url);
}

export function resolve(specifier, context, next) {
  const isPackage = !specifier.startsWith(".") && !specifier.includes(":");
  const isOurs = context.parentURL?.startsWith(scripts);
  return next(specifier, isPackage && isOurs ? { ...context, parentURL: packages } : context);
}
