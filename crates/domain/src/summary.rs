//! How many hold a role, and how many of them hold it now.

/// The holders of one role at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Everybody with an assignment.
    pub all: u64,
    /// Those of them whose role is active.
    pub active: u64,
}

/// What the holders of a role amount to, by the protocol's rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Not as it should be.
    Bad,
}

impl Holders {
    /// Those whose role is not active.
    pub fn inactive(self) -> u64 {
        self.all.saturating_sub(self.active)
    }

    /// `Ok` where the inactive ones are fewer than `threshold` percent of all, or where there is nobody. That is the
    /// direction in which the protocol's documents have it, without a number; a threshold above 100 finds nothing bad.
    pub fn verdict(self, threshold: u32) -> Verdict {
        let (inactive, all) = (u128::from(self.inactive()), u128::from(self.all));
        if all == 0 || inactive * 100 < all * u128::from(threshold) {
            Verdict::Ok
        } else {
            Verdict::Bad
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(all: u64, active: u64, threshold: u32) -> Verdict {
        Holders { all, active }.verdict(threshold)
    }

    #[test]
    fn the_share_of_inactive_holders_decides() {
        assert_eq!(verdict(4, 2, 51), Verdict::Ok);
        assert_eq!(verdict(4, 2, 50), Verdict::Bad);
        assert_eq!(verdict(4, 4, 1), Verdict::Ok);
        assert_eq!(verdict(4, 4, 0), Verdict::Bad);
    }

    #[test]
    fn a_role_that_nobody_has_is_well_and_a_threshold_above_all_finds_nothing_bad() {
        assert_eq!(verdict(0, 0, 0), Verdict::Ok);
        assert_eq!(verdict(u64::MAX, 0, 101), Verdict::Ok);
        assert_eq!(verdict(u64::MAX, 0, 100), Verdict::Bad);
    }
}
