//! `pimento-server dev`: the program as it is started, stopped and killed, and the endpoints that dev mode alone has.

mod clock;
mod data;
pub(crate) mod dev;
mod guards;
mod pages;
mod start;
mod tokens;
