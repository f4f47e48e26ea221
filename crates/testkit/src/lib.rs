//! A whole server inside a test, tokens, a virtual clock, response checking; all black-box tests live here.
