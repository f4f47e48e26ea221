//! What the tools must say about documents: the comparer's mutations and equal rewrites, and the lint's rules.

mod breaking;
mod declared;
mod equal_rewrites;
mod generated;
mod lint;
mod metadata;
mod mutations;
mod pair;
mod real;
mod release;
mod tree;
