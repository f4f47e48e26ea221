//! The entity model of the real document: that it is CSDL, that it and the paths lead to each other, and what a change of
//! the document does to it. The XML is read back by a parser, so nothing here leans on the code that wrote it.

mod csdl;
mod paths;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use xtask::document::{Document, FAMILIES};
use xtask::workspace::Workspace;
use xtask::{codegen, lint, metadata};

use crate::pair::Edit::{Remove, Set};
use crate::pair::{Edit, Pair, Side};

fn workspace() -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Workspace::at(&root).expect("the test stands in a workspace")
}

fn document() -> Value {
    let document = Document::read(&workspace(), &FAMILIES[0]);
    document.expect("the document can be read").value
}

fn edited(document: &Value, edits: &[Edit]) -> Value {
    let pair = Pair {
        spec: document.clone(),
        server: Value::Null,
    };
    pair.edited(Side::Spec, edits).spec
}

fn xml(document: &Value) -> String {
    let model = metadata::derive(document).expect("the document has a model");
    let model = model.expect("the document has `/$metadata`");
    metadata::csdl(&model, "A test.")
}

fn complaints(document: &Value, xml: &str) -> Vec<String> {
    let tree = roxmltree::Document::parse(xml).expect("it is XML");
    let mut found = csdl::complaints(&tree);
    found.append(&mut paths::complaints(&tree, document));
    found
}

#[test]
fn the_model_is_csdl_and_leads_to_every_path_and_from_every_path_back() {
    let document = document();
    assert_eq!(complaints(&document, &xml(&document)), [""; 0]);
}

/// A piece of the model, and what is written in its place: each is a fault that a client would meet.
#[rustfmt::skip]
const FAULTS: &[(&str, &str)] = &[
    ("<edmx:Edmx Version=\"4.0\"", "<edmx:Edmx Version=\"3.0\""),
    ("oasis-open.org/odata/ns/edm\"", "oasis-open.org/odata/ns/edm/4\""),
    ("<Key>", "<Keys>"),
    ("<PropertyRef Name=\"id\"/>", "<PropertyRef Name=\"key\"/>"),
    ("<Property Name=\"isElevated\" Type=\"Edm.Boolean\"/>", "<Property Name=\"isElevated\" Type=\"Edm.Bool\"/>"),
    ("<Property Name=\"isElevated\"", "<Property Name=\"userId\""),
    ("<Property Name=\"isElevated\"", "<Property name=\"isElevated\""),
    ("<Property Name=\"isElevated\"", "<Property Name=\"is elevated\""),
    ("Type=\"microsoft.graph.governanceSchedule\"", "Type=\"microsoft.graph.schedule\""),
    ("Type=\"microsoft.graph.governanceSchedule\"", "Type=\"microsoft.graph.privilegedRole\""),
    ("<Member Name=\"bad\" Value=\"1\"/>", "<Member Name=\"bad\" Value=\"0\"/>"),
    ("<Member Name=\"bad\" Value=\"1\"/>", "<Member Name=\"ok\" Value=\"1\"/>"),
    ("<EnumType Name=\"roleSummaryStatus\">", "<EnumType Name=\"setupStatus\">"),
    ("<NavigationProperty Name=\"settings\" Type=\"microsoft.graph.privilegedRoleSettings\"", "<NavigationProperty Name=\"settings\" Type=\"microsoft.graph.governanceSchedule\""),
    ("<NavigationProperty Name=\"settings\"", "<NavigationProperty Name=\"setting\""),
    ("<NavigationProperty Name=\"request\" ", "<NavigationProperty Name=\"request\" ContainsTarget=\"true\" "),
    ("<NavigationPropertyBinding Path=\"request\" Target=\"privilegedRoleAssignmentRequests\"/>", ""),
    ("<NavigationPropertyBinding Path=\"request\" Target=\"privilegedRoleAssignmentRequests\"/>", "<NavigationPropertyBinding Path=\"request\" Target=\"privilegedRoles\"/>"),
    ("Path=\"request\" Target=\"privilegedRoleAssignmentRequests\"", "Path=\"request\" Target=\"requests\""),
    ("Path=\"roleInfo/assignments\"", "Path=\"assignments\""),
    ("<EntitySet Name=\"privilegedRoles\" EntityType=\"microsoft.graph.privilegedRole\"", "<EntitySet Name=\"privilegedRoles\" EntityType=\"microsoft.graph.governanceSchedule\""),
    ("<EntitySet Name=\"privilegedOperationEvents\"", "<EntitySet Name=\"privilegedEvents\""),
    ("<Action Name=\"cancel\" IsBound=\"true\"", "<Action Name=\"cancel\""),
    ("<Action Name=\"signUp\"", "<Action Name=\"signup\""),
    ("<Function Name=\"isSignedUp\" IsBound=\"true\">", "<Function Name=\"isSignedUp\" IsBound=\"true\" IsComposable=\"true\" Pure=\"true\">"),
    ("<Action Name=\"completeSetup\"", "<Action Name=\"setUp\""),
    ("<Parameter Name=\"tenantSetupInfo\" Type=\"microsoft.graph.tenantSetupInfo\"", "<Parameter Name=\"tenantSetupInfo\" Type=\"microsoft.graph.setupInfo\""),
    ("<NavigationProperty Name=\"defaultRolesSettings\"", "<Property Name=\"defaultRolesSettings\""),
    ("<ReturnType Type=\"Collection(microsoft.graph.roleSuccessStatistics)\"", "<ReturnType Type=\"Collection(Edm.String)\""),
    ("<ReturnType Type=\"Edm.Boolean\" Nullable=\"false\"/>", ""),
    ("<ReturnType Type=\"Collection(microsoft.graph.privilegedApproval)\"/>", "<ReturnType Type=\"Collection(microsoft.graph.privilegedApproval)\" Nullable=\"false\"/>"),
    ("<Function Name=\"myRequests\" IsBound=\"true\" IsComposable=\"true\"", "<Function Name=\"myRequests\" IsBound=\"true\""),
    ("<Parameter Name=\"bindingParameter\" Type=\"microsoft.graph.privilegedRole\"", "<Parameter Name=\"bindingParameter\" Type=\"microsoft.graph.privilegedRoleSummary\""),
];

#[test]
fn every_fault_of_a_model_would_be_found() {
    let document = document();
    let right = xml(&document);
    for (old, new) in FAULTS {
        let wrong = right.replacen(old, new, 1).replace(
            "</Key>",
            if new.contains("Keys") {
                "</Keys>"
            } else {
                "</Key>"
            },
        );
        assert_ne!(wrong, right, "{old} is not in the model");
        assert_ne!(complaints(&document, &wrong), [""; 0], "{new}");
    }
}

/// What is changed in the document, and what the model has then.
#[rustfmt::skip]
const CHANGES: &[(&[Edit], &str)] = &[
    (&[Set("/components/schemas/PrivilegedRole/properties/shortName", "{type: string, nullable: true}")], "<Property Name=\"shortName\" Type=\"Edm.String\"/>"),
    (&[Set("/components/schemas/PrivilegedRole/properties/since", "{type: string, format: date}"), Set("/components/schemas/PrivilegedRole/required/-", "since")], "<Property Name=\"since\" Type=\"Edm.Date\" Nullable=\"false\"/>"),
    (&[Set("/components/schemas/PrivilegedRole/properties/tags", "{type: array, items: {type: string, format: uuid}}")], "<Property Name=\"tags\" Type=\"Collection(Edm.Guid)\" Nullable=\"false\"/>"),
    (&[Remove("/components/schemas/PrivilegedRoleSettings/properties/elevationDuration/format")], "<Property Name=\"elevationDuration\" Type=\"Edm.String\"/>"),
    (&[Set("/components/schemas/NewPrivilegedRoleAssignment/required/-", "isElevated")], "<Property Name=\"isElevated\" Type=\"Edm.Boolean\" Nullable=\"false\"/>"),
    (&[Set("/components/schemas/PrivilegedSignupStatus/properties/status/x-known-values/-", "postponed"), Set("/components/schemas/TenantSetupInfo/properties/setupStatus/x-known-values/-", "postponed")], "<Member Name=\"postponed\" Value=\"8\"/>"),
    (&[Remove("/components/schemas/PrivilegedApproval/properties/approvalState/x-pimento-enum")], "<Property Name=\"approvalState\" Type=\"Edm.String\"/>"),
    (&[Set("/components/schemas/MakePermanentParameters/properties/urgent", "{type: boolean, nullable: true}")], "<Parameter Name=\"urgent\" Type=\"Edm.Boolean\"/>"),
    (&[Remove("/components/schemas/TenantSetupInfo/properties/id")], "<ComplexType Name=\"tenantSetupInfo\">"),
    (&[Remove("/paths/~1privilegedRoles~1{id}~1settings/patch"), Remove("/paths/~1privilegedRoles~1{id}~1settings/put")], "<NavigationProperty Name=\"defaultRolesSettings\" Type=\"microsoft.graph.privilegedRoleSettingsUpdate\" ContainsTarget=\"true\"/>"),
    (&[Remove("/paths/~1privilegedApproval~1{id}~1request/get/x-pimento-set")], "<NavigationProperty Name=\"request\" Type=\"microsoft.graph.privilegedRoleAssignmentRequest\" ContainsTarget=\"true\"/>"),
    (&[Remove("/paths/~1privilegedRoleAssignments~1my~1$count")], "<Function Name=\"my\" IsBound=\"true\" EntitySetPath=\"bindingParameter\">"),
    (&[Remove("/paths/~1privilegedRoleAssignments~1my/get"), Set("/paths/~1privilegedRoleAssignments~1my/post", "{responses: {'204': {description: Done.}}}")], "<Action Name=\"my\" IsBound=\"true\">"),
];

#[test]
fn a_change_of_the_document_changes_the_model() {
    let document = document();
    let before = xml(&document);
    for (edits, expected) in CHANGES {
        let after = xml(&edited(&document, edits));
        assert!(!before.contains(expected), "{expected} is there anyway");
        assert!(after.contains(expected), "{edits:?}: {after}");
    }
}

/// What the protocol has for the set-up of a tenant, the enumeration type apart.
const SET_UP: &[&str] = &[
    r#"
      <EntityType Name="tenantSetupInfo" BaseType="microsoft.graph.entity">
        <Property Name="firstTimeSetup" Type="Edm.Boolean"/>
        <Property Name="relevantRolesSettings" Type="Collection(Edm.String)" Nullable="false"/>
        <Property Name="setupStatus" Type="microsoft.graph.setupStatus"/>
        <Property Name="skipSetup" Type="Edm.Boolean"/>
        <Property Name="userRolesActions" Type="Edm.String"/>
        <NavigationProperty Name="defaultRolesSettings" Type="microsoft.graph.privilegedRoleSettings" ContainsTarget="true"/>
      </EntityType>
"#,
    r#"
      <Action Name="completeSetup" IsBound="true">
        <Parameter Name="bindingParameter" Type="Collection(microsoft.graph.privilegedSignupStatus)"/>
        <Parameter Name="tenantSetupInfo" Type="microsoft.graph.tenantSetupInfo" Nullable="false"/>
        <ReturnType Type="Collection(microsoft.graph.roleSuccessStatistics)" Nullable="false"/>
      </Action>
"#,
];

#[test]
fn what_an_action_takes_is_an_entity_where_the_protocol_has_one() {
    let model = xml(&document());
    for part in SET_UP {
        assert!(model.contains(part), "{part}{model}");
    }
    assert!(model.contains("<ComplexType Name=\"roleSuccessStatistics\">"));
    assert!(!model.contains("privilegedRoleSettingsUpdate"));
}

#[test]
fn a_type_that_two_places_have_is_whole() {
    let declared = |model: &str| {
        let (_, rest) = model
            .split_once("<ComplexType Name=\"governanceSchedule\">")
            .expect("it is there");
        let (declared, _) = rest.split_once("</ComplexType>").expect("it ends");
        declared.to_owned()
    };
    let document = document();
    let schedule = "{type: object, nullable: true, allOf: [{$ref: '#/components/schemas/GovernanceSchedule'}]}";
    let twice = "/components/schemas/PrivilegedRole/properties/schedule";
    let twice = xml(&edited(&document, &[Set(twice, schedule)]));
    let uses = "<Property Name=\"schedule\" Type=\"microsoft.graph.governanceSchedule\"/>";
    assert_eq!(twice.matches(uses).count(), 2);
    assert_eq!(declared(&twice), declared(&xml(&document)));
}

#[test]
fn a_document_without_metadata_has_no_model() {
    let bare = edited(&document(), &[Remove("/paths/~1$metadata")]);
    assert_eq!(metadata::derive(&bare), Ok(None));
    assert!(metadata::service(None).ends_with("= &[];\n"));
}

/// A rule, and what of the document breaks it.
#[rustfmt::skip]
pub(crate) const BROKEN: &[(&str, &[Edit])] = &[
    ("metadata", &[Remove("/components/schemas/PrivilegedRoleSummary/properties/usersCount/format")]),
    ("metadata", &[Set("/components/schemas/PrivilegedRole/properties/more", "{type: object}")]),
    ("metadata", &[Set("/components/schemas/PrivilegedRole/required", "[name]")]),
    ("metadata", &[Set("/components/schemas/PrivilegedRole/properties/id/format", "uuid")]),
    ("metadata", &[Set("/components/schemas/PrivilegedApproval/properties/approvalState/x-pimento-enum", "setupStatus")]),
    ("metadata", &[Set("/components/schemas/PrivilegedApproval/properties/approvalState/x-pimento-enum", "approval state")]),
    ("metadata", &[Remove("/components/schemas/PrivilegedApproval/properties/approvalState/x-known-values")]),
    ("metadata", &[Set("/components/schemas/PrivilegedApproval/properties/approvalState/x-known-values/0", "not yet")]),
    ("metadata", &[Set("/components/schemas/PrivilegedSignupStatus/properties/info", "{type: object, nullable: true, allOf: [{$ref: '#/components/schemas/TenantSetupInfo'}]}")]),
    ("metadata", &[Set("/paths/~1privilegedApproval~1{id}~1request/get/x-pimento-set", "privilegedRoles")]),
    ("metadata", &[Set("/paths/~1privilegedApproval~1{id}~1request/get/x-pimento-set", "requests")]),
    ("metadata", &[Set("/paths/~1privilegedApproval~1{id}~1request/get/x-pimento-set", "[privilegedRoleAssignmentRequests]")]),
    ("metadata", &[Remove("/paths/~1privilegedRoles~1{id}~1assignments/get/x-pimento-set")]),
    ("metadata", &[Set("/paths/~1privilegedRoles/get/x-pimento-set", "privilegedRoles")]),
    ("metadata", &[Set("/paths/~1privilegedRoles~1my", "{get: {responses: {}}}")]),
    ("metadata", &[Set("/paths/~1roles", "{get: {responses: {}}}")]),
    ("metadata", &[Set("/paths/~1privilegedSignupStatus~1isSignedUp~1again", "{get: {responses: {}}}")]),
    ("metadata", &[Set("/paths/~1privilegedRoleAssignments~1{id}~1roleInfo~1selfActivate", "{delete: {responses: {}}}")]),
    ("count", &[Remove("/paths/~1privilegedRoles~1$count")]),
    ("count", &[Remove("/paths/~1privilegedRoleAssignments~1{id}~1roleInfo~1assignments~1$count/get")]),
    ("count", &[Set("/paths/~1privilegedRoles~1$count/get/x-pimento-roles", "[]")]),
    ("count", &[Set("/paths/~1privilegedRoles~1$count/get/x-pimento-unregistered", "true")]),
    ("count", &[Set("/paths/~1privilegedRoles~1$count/get/security", "[{token: [], delegated: [Directory.Read.All]}]")]),
    ("count", &[Set("/paths/~1privilegedRoles~1$count/get/responses/200/content/text~1plain/schema/format", "int32")]),
    ("count", &[Set("/paths/~1privilegedRoles~1$count/get/responses/200/content/application~1json", "{schema: {type: integer, format: int64}}")]),
    ("count", &[Set("/paths/~1privilegedRoles~1{id}~1settings~1$count", "{get: {responses: {}}}")]),
];

#[test]
fn what_has_no_model_is_told_by_lint() {
    let document = document();
    let rules = |document: &Value| {
        let found = lint::lint("graph-beta.yaml", document).into_iter();
        found.map(|finding| finding.rule).collect::<BTreeSet<_>>()
    };
    assert_eq!(rules(&document), BTreeSet::new());
    for (rule, edits) in BROKEN {
        let broken = edited(&document, edits);
        assert_ne!(broken, document, "{edits:?} changes nothing");
        assert!(rules(&broken).contains(rule), "{edits:?}");
    }
}

#[test]
fn a_model_that_was_not_generated_anew_is_stale_and_so_is_the_service_document() {
    let workspace = workspace();
    let text = workspace
        .read("openapi/graph-beta.yaml")
        .expect("it is there");
    let generated = |text: String| {
        let document = Document::parse(&FAMILIES[0], text).expect("it is YAML");
        codegen::generate(&workspace, &[document]).expect("it is within the profile")
    };
    let committed = generated(text.clone());
    let folder = "crates/api/src/generated";
    let renamed = text.replace("/privilegedOperationEvents", "/privilegedEvents");
    let findings = codegen::compare(&generated(renamed), &committed);
    let stale: BTreeSet<_> = findings
        .iter()
        .filter(|finding| finding.rule == "generated-stale")
        .map(|finding| finding.place.as_str())
        .collect();
    for file in ["metadata.xml", "service.rs", "graph-beta.json"] {
        assert!(
            stale.contains(format!("{folder}/{file}").as_str()),
            "{file}"
        );
    }
    assert!(
        committed[&format!("{folder}/metadata.xml")]
            .contains("@generated by 'cargo xtask codegen'")
    );
}
