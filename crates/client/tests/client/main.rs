//! What the client sends and how it takes what is answered, against a server that answers as it is told.

mod errors;
mod lists;
mod requests;
mod server;
