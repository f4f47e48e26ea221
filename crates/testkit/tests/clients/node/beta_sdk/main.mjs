// The typed packages of the beta SDK for JavaScript.

import { run } from "../run.mjs";
import * as batches from "./batches.mjs";
import * as bodies from "./bodies.mjs";
import * as errors from "./errors.mjs";
import * as lists from "./lists.mjs";
import * as operations from "./operations.mjs";
import * as retries from "./retries.mjs";

await run(batches, bodies, errors, lists, operations, retries);
