//! The clock of the rules, as dev mode moves it.

use pimento_domain::SignedDuration;
use pimento_store::ClockReading;

use crate::Engine;

/// The clock is the process clock and cannot be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this server runs on the process clock, which cannot be moved")]
pub struct ClockFixed;

impl Engine {
    /// Moves the clock forward, and lets it stand still or run; `None` leaves that as it is.
    ///
    /// # Errors
    /// [`ClockFixed`] outside dev mode and tests.
    pub fn change_clock(
        &self,
        advance: SignedDuration,
        freeze: Option<bool>,
    ) -> Result<ClockReading, ClockFixed> {
        self.store.clock().change(advance, freeze).ok_or(ClockFixed)
    }
}
