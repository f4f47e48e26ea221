//! Sign-up: a tenant is registered, and its first administrator with it.

use pimento_domain::rules::{self, SignUpFacts};
use pimento_domain::{Caller, Setup, role};
use pimento_store::{Change, Loaded, Wanted};

use crate::decide::Decision;
use crate::{Engine, Error};

/// Whether a tenant is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpStatus {
    /// Not yet.
    NotRegistered,
    /// Registered, and ready for work, however far its set-up is.
    Registered(Setup),
}

impl Engine {
    /// Whether the caller's tenant is registered.
    ///
    /// # Errors
    /// The store's own.
    pub async fn sign_up_status(&self, caller: &Caller) -> Result<SignUpStatus, Error> {
        let loaded = self.store.load(&caller.tenant, &Wanted::default()).await?;
        Ok(match loaded.registered {
            Some(_) => SignUpStatus::Registered(loaded.setup),
            None => SignUpStatus::NotRegistered,
        })
    }

    /// Whether a sign-up by this caller would register the tenant.
    ///
    /// # Errors
    /// The store's own.
    pub async fn can_sign_up(&self, caller: &Caller) -> Result<bool, Error> {
        let loaded = self.store.load(&caller.tenant, &Wanted::default()).await?;
        Ok(rules::can_sign_up(
            &self.sign_up_facts(caller, &loaded),
            caller,
        ))
    }

    /// Registers the caller's tenant and makes the caller its first administrator; a registered one stays as it is.
    ///
    /// # Errors
    /// [`pimento_domain::Denied`] as the rules of [`rules::sign_up`] say, and the store's own.
    pub async fn sign_up(&self, caller: &Caller) -> Result<SignUpStatus, Error> {
        let administrator = role::PRIVILEGED_ROLE_ADMINISTRATOR;
        let wanted = Wanted {
            administrators: Some(administrator),
            ..Wanted::default()
        };
        self.decide(caller, &wanted, |loaded| {
            let registration = rules::sign_up(&self.sign_up_facts(caller, loaded), caller)?;
            let change = registration.map(|(holdings, events)| {
                let holding = |holding: pimento_domain::Holding| {
                    Change::Holding(holding.principal, holding.role, holding.grants)
                };
                let tenant = [
                    Change::Register(loaded.now),
                    Change::Administrators(administrator),
                ];
                (
                    tenant
                        .into_iter()
                        .chain(holdings.into_iter().map(holding))
                        .collect(),
                    events,
                )
            });
            Ok(Decision {
                change,
                answer: SignUpStatus::Registered(loaded.setup),
            })
        })
        .await
    }

    fn sign_up_facts(&self, caller: &Caller, loaded: &Loaded) -> SignUpFacts {
        SignUpFacts {
            now: loaded.now,
            registered: loaded.registered.is_some(),
            admitted: self.admits(&caller.tenant),
        }
    }
}
