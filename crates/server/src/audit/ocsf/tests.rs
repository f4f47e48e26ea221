//! The shapes that version 1.3.0 of the schema asks for, written down from it.

use std::borrow::Cow;

use pimento_domain::{
    Cause, Instant, Justification, PrincipalId, Refusal, Remark, RoleName, Settings, State, Uuid,
};

use super::*;

/// What a class or an object may have, with what it has to have, and what of which it has to have one.
struct Shape {
    required: &'static [&'static str],
    optional: &'static [&'static str],
    one_of: &'static [&'static str],
}

/// Of every event of the category.
const IAM: Shape = Shape {
    required: &[
        "activity_id",
        "category_uid",
        "class_uid",
        "metadata",
        "severity_id",
        "time",
        "type_uid",
    ],
    optional: &[
        "activity_name",
        "actor",
        "category_name",
        "class_name",
        "count",
        "message",
        "raw_data",
        "severity",
        "status",
        "status_code",
        "status_id",
        "type_name",
    ],
    one_of: &[],
};

const ENTITY: Shape = Shape {
    required: &["entity"],
    optional: &["comment"],
    one_of: &[],
};

const ACCESS: Shape = Shape {
    required: &["user", "privileges"],
    optional: &["resource"],
    one_of: &[],
};

const OBJECTS: [(&str, Shape); 5] = [
    (
        "/metadata",
        Shape {
            required: &["product", "version"],
            optional: &[
                "correlation_uid",
                "event_code",
                "log_name",
                "sequence",
                "tenant_uid",
                "uid",
            ],
            one_of: &[],
        },
    ),
    (
        "/metadata/product",
        Shape {
            required: &["vendor_name"],
            optional: &["name", "version"],
            one_of: &[],
        },
    ),
    (
        "/actor",
        Shape {
            required: &[],
            optional: &["user", "app_name"],
            one_of: &["user", "app_name"],
        },
    ),
    ("/user", USER),
    ("/actor/user", USER),
];

const USER: Shape = Shape {
    required: &[],
    optional: &["uid", "name"],
    one_of: &["uid", "name"],
};

const MANAGED_ENTITY: Shape = Shape {
    required: &[],
    optional: &["uid", "name", "type"],
    one_of: &["uid", "name"],
};

impl Shape {
    fn check(&self, others: &Self, value: &Value) {
        let members = value.as_object().unwrap();
        let mut required = self.required.iter().chain(others.required);
        assert_eq!(
            required.find(|name| !members.contains_key(**name)),
            None,
            "{value}"
        );
        let known = |name: &str| {
            let of =
                |shape: &Self| shape.required.contains(&name) || shape.optional.contains(&name);
            of(self) || of(others)
        };
        assert_eq!(members.keys().find(|name| !known(name)), None, "{value}");
        let has_one =
            self.one_of.is_empty() || self.one_of.iter().any(|name| members.contains_key(*name));
        assert!(has_one, "{value}");
        assert!(!members.values().any(Value::is_null), "{value}");
    }
}

const NOTHING: Shape = Shape {
    required: &[],
    optional: &[],
    one_of: &[],
};

/// Checks all that the schema says of the shape.
fn check(ocsf: &Value) {
    let number = |name: &str| ocsf[name].as_u64().unwrap();
    let (class, activity) = (number("class_uid"), number("activity_id"));
    let (shape, activities) = match class {
        3004 => (ENTITY, &[0, 1, 2, 3, 4, 99][..]),
        3005 => (ACCESS, &[0, 1, 2, 99][..]),
        class => panic!("{class} is another class"),
    };
    shape.check(&IAM, ocsf);
    assert!(activities.contains(&activity), "{ocsf}");
    assert_eq!(number("category_uid"), class / 1_000);
    assert_eq!(number("type_uid"), class * 100 + activity);
    assert!((0..=6).contains(&number("severity_id")));
    assert!((0..=2).contains(&number("status_id")));
    assert!(ocsf["time"].is_i64(), "{ocsf}");
    assert_eq!(ocsf["metadata"]["version"], "1.3.0");
    for (pointer, shape) in OBJECTS {
        if let Some(object) = ocsf.pointer(pointer) {
            shape.check(&NOTHING, object);
        }
    }
    if let Some(entity) = ocsf.get("entity") {
        MANAGED_ENTITY.check(&NOTHING, entity);
    }
    if let Some(privileges) = ocsf.get("privileges") {
        let privileges = privileges.as_array().unwrap();
        assert!(!privileges.is_empty() && privileges.iter().all(Value::is_string));
    }
}

fn recorded(kind: EventKind, after: After) -> RecordedEvent {
    let ada: PrincipalId = "ada".parse().unwrap();
    RecordedEvent {
        sequence: 7,
        cause: Cause {
            operation: Cow::Borrowed("op"),
            request: Uuid::from_u128(1),
            client_request: None,
        },
        event: Event {
            at: Instant::from_micros(1_767_225_600_123_999).unwrap(),
            kind,
            actor: Actor::Principal(ada.clone()),
            principal: Some(ada),
            role: Some(role::SECURITY_READER),
            request: None,
            justification: Justification {
                reason: Remark::parse("on call").unwrap(),
                ..Justification::default()
            },
            note: None,
            until: None,
            self_grant: false,
            without_approval: false,
            after,
        },
    }
}

fn acme() -> TenantId {
    "acme".parse().unwrap()
}

fn refused() -> After {
    After::Refused(Refusal {
        code: Cow::Borrowed("MfaRequired"),
        times: 3,
    })
}

#[test]
fn every_kind_of_event_has_a_class_and_an_activity_of_the_schema() {
    let settings = || After::Settings(Settings::of(role::find(role::SECURITY_READER).unwrap()));
    let named = || After::Role(RoleName::parse("Night watch").unwrap());
    let eligible = || After::Assignment(Some(State::Eligible));
    let gone = || After::Assignment(None);
    for (kind, after, class, activity) in [
        (EventKind::Assign, eligible(), 3005, 1),
        (EventKind::Activate, eligible(), 3005, 1),
        (EventKind::Unassign, gone(), 3005, 2),
        (EventKind::Deactivate, gone(), 3005, 2),
        (EventKind::Request, eligible(), 3005, 99),
        (EventKind::Schedule, eligible(), 3005, 99),
        (EventKind::Approve, eligible(), 3005, 99),
        (EventKind::Deny, eligible(), 3005, 99),
        (EventKind::Cancel, eligible(), 3005, 99),
        (EventKind::Revoke, eligible(), 3005, 99),
        (EventKind::Lapse, eligible(), 3005, 99),
        (EventKind::ChangeSettings, settings(), 3004, 3),
        (EventKind::SignUp, After::Registered, 3004, 1),
        (EventKind::CompleteSetup, After::SetUp, 3004, 3),
        (EventKind::CreateRole, named(), 3004, 1),
        (EventKind::RenameRole, named(), 3004, 3),
        (EventKind::RemoveRole, After::RoleRemoved, 3004, 4),
        (EventKind::Refuse, refused(), 3005, 99),
        (EventKind::Erase, After::Erased(3), 3004, 4),
    ] {
        for actor in [None, Some(Actor::Pimento), Some(Actor::Operator)] {
            let mut recorded = recorded(kind, after.clone());
            recorded.event.actor = actor.unwrap_or(recorded.event.actor);
            let ocsf = event(&acme(), &recorded);
            check(&ocsf);
            assert_eq!(
                (&ocsf["class_uid"], &ocsf["activity_id"]),
                (&json!(class), &json!(activity))
            );
            // The same where it is not about anybody, or about no role.
            recorded.event.principal = None;
            check(&event(&acme(), &recorded));
            recorded.event.role = None;
            check(&event(&acme(), &recorded));
        }
    }
}

#[test]
fn an_event_of_access_names_who_gave_what_to_whom_and_when() {
    let ocsf = event(
        &acme(),
        &recorded(EventKind::Assign, After::Assignment(None)),
    );
    for (pointer, expected) in [
        ("/time", json!(1_767_225_600_123_i64)),
        ("/actor/user/uid", json!("ada")),
        ("/user/uid", json!("ada")),
        ("/privileges", json!(["Security Reader"])),
        ("/activity_name", json!("Assign Privileges")),
        ("/status_id", json!(1)),
        ("/severity_id", json!(1)),
        ("/metadata/uid", json!("acme:7")),
        ("/metadata/sequence", json!(7)),
        ("/metadata/tenant_uid", json!("acme")),
    ] {
        assert_eq!(ocsf.pointer(pointer), Some(&expected), "{pointer}");
    }
    let raw: Value = serde_json::from_str(ocsf["raw_data"].as_str().unwrap()).unwrap();
    assert_eq!(raw["reason"], "on call");
}

#[test]
fn a_refusal_is_a_failure_with_its_code_and_how_often() {
    let ocsf = event(&acme(), &recorded(EventKind::Refuse, refused()));
    for (name, expected) in [
        ("status_id", json!(2)),
        ("status", json!("Failure")),
        ("status_code", json!("MfaRequired")),
        ("count", json!(3)),
        ("severity_id", json!(2)),
        ("activity_name", json!("Refuse")),
    ] {
        assert_eq!(ocsf[name], expected, "{name}");
    }
}

#[test]
fn what_the_settings_do_not_ask_for_matters_more() {
    let mut grant = recorded(EventKind::Assign, After::Assignment(None));
    grant.event.self_grant = true;
    assert_eq!(event(&acme(), &grant)["severity_id"], 3);
    grant.event.self_grant = false;
    grant.event.without_approval = true;
    assert_eq!(event(&acme(), &grant)["severity_id"], 3);
    let erase = recorded(EventKind::Erase, After::Erased(3));
    let erase = event(&acme(), &erase);
    assert_eq!(
        (&erase["severity_id"], &erase["entity"]["uid"]),
        (&json!(3), &json!("3"))
    );
    assert_eq!(erase["comment"], "on call");
}

#[test]
fn a_role_of_the_tenants_own_is_named_by_its_id_where_its_name_is_not_in_the_event() {
    let mut grant = recorded(EventKind::Assign, After::Assignment(None));
    grant.event.role = "00000000-0000-0000-0000-000000000001".parse().ok();
    let ocsf = event(&acme(), &grant);
    assert_eq!(
        ocsf["privileges"],
        json!(["00000000-0000-0000-0000-000000000001"])
    );
    let named = After::Role(RoleName::parse("Night watch").unwrap());
    let entity = event(&acme(), &recorded(EventKind::CreateRole, named))["entity"].clone();
    assert_eq!(
        (&entity["type"], &entity["name"]),
        (&json!("Role"), &json!("Night watch"))
    );
}
