//! What people ask for, and what becomes of it.

use jiff::SignedDuration;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pimento_store::conformance::Dice;
use pimento_testkit::Person;
use serde_json::json;

use super::{PEOPLE, REMARKS, ROLE, Tenant, ZOE, person};
use crate::paths::{REQUESTS, approval, assignment, request};

/// What becomes of what somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing yet.
    Open,
    Approved,
    Denied,
    Cancelled,
    /// The assignment that it rests on is taken away.
    Taken,
}

impl Outcome {
    pub(super) const ALL: [Self; 7] = [
        Self::Open,
        Self::Approved,
        Self::Taken,
        Self::Denied,
        Self::Cancelled,
        Self::Approved,
        Self::Open,
    ];

    fn word(self) -> &'static str {
        if self == Self::Denied {
            "denied"
        } else {
            "approved"
        }
    }
}

impl Tenant<'_> {
    /// Has people ask for what they may, which then comes to every end that there is.
    pub(super) async fn ask(&mut self, dice: &mut Dice) {
        for role in self.roles.iter().step_by(12) {
            self.ask_for(dice, (&self.mia, role), Outcome::Open).await;
        }
        self.pass(SignedDuration::from_hours(49)).await;
        for (number, role) in self.roles.clone().iter().enumerate() {
            if number % 4 == 0 {
                self.pass(SignedDuration::from_millis(61_500)).await;
            }
            if number % 12 != 0 && number % 5 != 0 {
                let outcome = Outcome::ALL[number % Outcome::ALL.len()];
                self.ask_for(dice, (&self.mia, role), outcome).await;
            }
        }
        for (number, name) in PEOPLE.into_iter().enumerate() {
            let asking = person(self.server, name).await;
            let outcome = Outcome::ALL[number % Outcome::ALL.len()];
            self.ask_for(dice, (&asking, ROLE), outcome).await;
        }
    }

    /// Somebody asks for a role, and this becomes of it where it can. What cannot be asked for now is not.
    pub(super) async fn ask_for(
        &self,
        dice: &mut Dice,
        (asking, role): (&Person<'_>, &str),
        outcome: Outcome,
    ) {
        let remark = dice.pick(&REMARKS);
        let begins = self.now + SignedDuration::from_mins(dice.pick(&[0, 0, 90, 600, 2_000]));
        let mut new = json!({
            "roleId": role, "type": "UserAdd", "assignmentState": "Active", "reason": dice.pick(&REMARKS),
            "schedule": {"startDateTime": begins.to_string()}, "ticketNumber": dice.maybe(remark), "ticketSystem": dice.maybe("Desk"),
        });
        // Lengths are shown in hours with six decimals, the last of which is 3,600 microseconds.
        let micros = dice.pick(&[0, 0, 1_799, 1_800, 1_801, -1_800]);
        let end = begins
            + SignedDuration::from_hours(dice.pick(&[1, 3]))
            + SignedDuration::from_micros(micros);
        match dice.roll(3) {
            0 => new["schedule"]["endDateTime"] = json!(end.to_string()),
            1 => new["duration"] = json!(dice.pick(&["0.5", "1", "2", "PT7H1M"])),
            _ => {}
        }
        let made = asking.send("POST", REQUESTS, &new).await;
        if made.status == 400 {
            return;
        }
        let made = made.expect(201);
        let id = made["id"].as_str().unwrap();
        match outcome {
            Outcome::Approved | Outcome::Denied if made["status"] == "RequestedApproval" => {
                let zoe = self.server.person(ZOE).await;
                let decision =
                    json!({"approvalState": outcome.word(), "approverReason": dice.maybe(remark)});
                zoe.send("PATCH", &approval(id), &decision)
                    .await
                    .expect(204);
            }
            Outcome::Cancelled if made["status"] != "Completed" => {
                asking
                    .post(&format!("{}/cancel", request(id)))
                    .await
                    .expect(200);
            }
            Outcome::Taken => {
                let person =
                    utf8_percent_encode(made["userId"].as_str().unwrap(), NON_ALPHANUMERIC);
                let held = assignment(&person.to_string(), role);
                self.ada.delete(&held).await.expect(204);
            }
            _ => {}
        }
    }
}
