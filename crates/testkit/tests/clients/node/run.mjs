// Runs a scenario: `SCRIPT SCENARIO URL`. By itself the script says their names, one on a line.

import { last } from "./world.mjs";

/** Scenarios are all that these modules export. */
export async function run(...modules) {
  const scenarios = Object.assign({}, ...modules);
  const name = process.argv[2];
  if (name === undefined) {
    console.log(Object.keys(scenarios).join("\n"));
    return;
  }
  try {
    await scenarios[name]();
  } catch (error) {
    // The clients' errors do not say what they are about.
    console.error(`after ${last()?.method} ${last()?.url}, which was answered ${last()?.status}:`);
    throw error;
  }
}
