//! The emulator's own endpoints. They exist in dev mode only.

use axum::Json;
use axum::extract::State;
use pimento_domain::SignedDuration;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::documented::{BadRequest, BodyRefused, Fault};
use crate::emulator::Emulator;
use crate::http::Body;
use crate::problem::{Problem, code};
use crate::wire::{
    Clock, ClockChange, IssuerConfiguration, KeySet, Token, TokenClaims, parse_duration,
};

pub(crate) fn routes() -> OpenApiRouter<Emulator> {
    OpenApiRouter::new()
        .routes(routes!(issue_token))
        .routes(routes!(change_clock))
        .routes(routes!(get_issuer_configuration))
        .routes(routes!(get_issuer_keys))
}

/// Signs a token with these claims.
#[utoipa::path(post, path = "/dev/token", tag = "emulator", request_body = TokenClaims, security(()),
    responses((status = 200, body = Token, description = "The token."), BadRequest, BodyRefused, Fault))]
async fn issue_token(
    State(emulator): State<Emulator>,
    Body(claims): Body<TokenClaims>,
) -> Json<Token> {
    Json(emulator.issue_token(claims))
}

/// Moves or stops the clock of the rules.
#[utoipa::path(post, path = "/dev/clock", tag = "emulator", request_body = ClockChange, security(()),
    responses((status = 200, body = Clock, description = "The clock."), BadRequest, BodyRefused, Fault))]
async fn change_clock(
    State(emulator): State<Emulator>,
    Body(change): Body<ClockChange>,
) -> Result<Json<Clock>, Problem> {
    let changed = emulator.change_clock(advance(&change)?, change.freeze);
    let reading = changed.await.map_err(|error| {
        tracing::error!(%error, "dev mode runs without a virtual clock");
        Problem::fault()
    })?;
    Ok(Json(Clock {
        now: reading.now.to_string(),
        frozen: reading.frozen,
    }))
}

/// What a verifier needs to know of the issuer.
#[utoipa::path(get, path = "/dev/.well-known/openid-configuration", tag = "emulator", security(()),
    responses((status = 200, body = IssuerConfiguration, description = "The configuration."), Fault))]
async fn get_issuer_configuration(State(emulator): State<Emulator>) -> Json<IssuerConfiguration> {
    Json(emulator.issuer_configuration())
}

/// The issuer's public keys.
#[utoipa::path(get, path = "/dev/keys", tag = "emulator", security(()),
    responses((status = 200, body = KeySet, description = "The keys."), Fault))]
async fn get_issuer_keys(State(emulator): State<Emulator>) -> Json<KeySet> {
    Json(emulator.issuer_keys())
}

/// The furthest that the clock is moved at once: far enough for every test, and nowhere near the end of the calendar,
/// from which it could not come back.
const MAX_ADVANCE: SignedDuration = SignedDuration::from_hours(24 * 36_525);

/// The virtual clock only ever runs forward: the log's order would lie otherwise.
fn advance(change: &ClockChange) -> Result<SignedDuration, Problem> {
    let Some(text) = &change.advance else {
        return Ok(SignedDuration::ZERO);
    };
    let fits = |length: &SignedDuration| !length.is_negative() && *length <= MAX_ADVANCE;
    parse_duration(text).filter(fits).ok_or_else(|| {
        let message = format!(
            "advance must be an ISO 8601 duration from PT0S to P36525D, such as PT8H; \
             {text:.64} is none."
        );
        Problem::bad_request(code::INVALID_REQUEST, message).at("advance")
    })
}
