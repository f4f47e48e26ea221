// The typed packages of the beta SDK for JavaScript.

import { run } from "../run.mjs";
import * as batches from "./batches.mjs";
import * as bodies from "./bodies.mjs";
import * as errors from "./errors.mjs";
import * as operations from "./operations.mjs";
import * as pages from "./pages.mjs";
import * as queries from "./queries.mjs";
import * as retries from "./retries.mjs";

await run(batches, bodies, errors, operations, pages, queries, retries);
