//! Hostile input: seeds of a corpus, mutated at random, at everything that reads what others wrote.
//!
//! Each target has a folder of seeds in `tests/data/fuzz`; those of query options, paths and
//! batches are also made from the document. They are sent as they are, and then mutated: bytes go, come and
//! repeat, and where a line is JSON its values do. Whatever comes of it is to be answered in the API's own form; no panic,
//! no hang, no memory above a bound, and nothing is changed by a request that was refused.
//!
//! A run is short and always the same, so that nobody's change is blamed for what was there before. `PIMENTO_SEED=N` has
//! other mutations made, and a failure says of which number. `PIMENTO_FUZZ_SECONDS=600` runs each target for that long, with
//! a seed of its own where none is given. An input that finds
//! something is made as small as it gets and kept below `target/fuzz`; mend what it found, and commit it as a seed.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod corpus;
mod engine;
mod guard;
mod issuer;
mod mutation;
mod options;
mod requests;
mod shapes;
mod times;
mod tokens;
