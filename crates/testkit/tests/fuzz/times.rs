//! Durations and instants: what is taken is printed so that it means the same when it is read again.

use std::fmt::Debug;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use pimento_testkit::Answer;
use pimento_testkit::role::{APPLICATION_ADMINISTRATOR, SECURITY_READER, USER_ADMINISTRATOR};
use serde_json::{Value, json};

use crate::engine::fuzz;
use crate::requests::House;

#[test]
fn durations_and_instants() {
    fuzz("times", House::start, async |house, text| {
        let text = String::from_utf8_lossy(text);
        length_is_kept(house, &text).await?;
        end_is_kept(house, &text).await?;
        let body = json!({"reason": "x", "ticketNumber": "x", "duration": text});
        let activate = format!("/beta/privilegedRoles/{USER_ADMINISTRATOR}/selfActivate");
        house.accept(&house.ada().send("POST", &activate, &body).await)?;
        // With no offset of its own it stays where it is, and everything else in its future.
        let clock = json!({"advance": text, "freeze": 7});
        let answer = house.ada().send("POST", "/dev/clock", &clock).await;
        house.accept(&answer)
    });
}

/// As the longest activation of a role.
async fn length_is_kept(house: &House, text: &str) -> Result<(), String> {
    let settings = format!("/beta/privilegedRoles/{APPLICATION_ADMINISTRATOR}/settings");
    let mut length = json!(text);
    for reading in 0..2 {
        let body = json!({"maxElavationDuration": length, "elevationDuration": "PT30M"});
        let answer = house.ada().send("PATCH", &settings, &body).await;
        house.accept(&answer)?;
        if answer.status != 204 {
            return was_readable(reading, &answer);
        }
        let shown = house.ada().get(&settings).await.expect(200)["maxElavationDuration"].take();
        is_same(reading, &length, &shown)?;
        is_worth(
            read::<SignedDuration>(&length).filter(|length| !length.is_zero()),
            &shown,
        )?;
        length = shown;
    }
    Ok(())
}

/// As the end of an assignment.
async fn end_is_kept(house: &House, text: &str) -> Result<(), String> {
    let path = format!("/beta/privilegedRoleAssignments/dana_{SECURITY_READER}");
    let mut end = json!(text);
    for reading in 0..2 {
        let body = json!({"userId": "dana", "roleId": SECURITY_READER, "expirationDateTime": end});
        let answer = house
            .ada()
            .send("POST", "/beta/privilegedRoleAssignments", &body)
            .await;
        house.accept(&answer)?;
        if answer.status != 201 {
            return was_readable(reading, &answer);
        }
        let shown = answer.expect(201)["expirationDateTime"].take();
        house.accept(&house.ada().delete(&path).await)?;
        is_same(reading, &end, &shown)?;
        // Instants have microseconds.
        let sent = read::<Timestamp>(&end)
            .map(|end| Timestamp::from_microsecond(end.as_microsecond()).unwrap());
        is_worth(sent, &shown)?;
        end = shown;
    }
    Ok(())
}

fn was_readable(reading: usize, answer: &Answer) -> Result<(), String> {
    let body = answer.body.escape_ascii();
    if reading == 0 {
        Ok(())
    } else {
        Err(format!("what was printed cannot be read: {body}"))
    }
}

fn is_same(reading: usize, sent: &Value, shown: &Value) -> Result<(), String> {
    if reading == 0 || sent == shown {
        Ok(())
    } else {
        Err(format!("{sent} became {shown}"))
    }
}

fn read<T: FromStr>(text: &Value) -> Option<T> {
    text.as_str()?.parse().ok()
}

/// What is shown is worth what was sent, where another reader understands that.
fn is_worth<T: FromStr + PartialEq + Debug>(sent: Option<T>, shown: &Value) -> Result<(), String> {
    if sent.is_none() || sent == read(shown) {
        Ok(())
    } else {
        Err(format!("{sent:?} became {shown}"))
    }
}
