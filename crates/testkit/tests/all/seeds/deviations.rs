//! Where Pimento deviates from a document: every difference, once, with its reason in `openapi/README.md`.

/// One difference between a document's example and what is sent or answered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deviation {
    /// The document.
    pub(crate) document: &'static str,
    /// The point, as the table of `openapi/README.md` calls it.
    pub(crate) point: &'static str,
    /// The number that the point has there under `ref`, where it has one.
    pub(crate) number: Option<u8>,
    /// What differs.
    pub(crate) change: Change,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The request goes to a path with `sent` where the document has `printed`.
    Path {
        printed: &'static str,
        sent: &'static str,
    },
    /// The request has no blank line in its head.
    WholeHead,
    /// The answer has at its top what the document has in this member.
    Bare(&'static str),
    /// The answer does not have this member.
    Absent(&'static str),
    /// The answer has null for this member.
    Null(&'static str),
    /// The answer has another text than a GUID for this member.
    Text(&'static str),
    /// The answer has the number of its own bytes in this header.
    Counted(&'static str),
}

impl Change {
    /// The member of the answer that it is about, where it is about one.
    pub(crate) fn member(self) -> Option<&'static str> {
        match self {
            Self::Absent(member) | Self::Null(member) | Self::Text(member) => Some(member),
            Self::Path { .. } | Self::WholeHead | Self::Bare(_) | Self::Counted(_) => None,
        }
    }
}

const fn deviation(
    document: &'static str,
    point: &'static str,
    number: Option<u8>,
    change: Change,
) -> Deviation {
    Deviation {
        document,
        point,
        number,
        change,
    }
}

/// The end that is printed, though permanent means without one.
const END: &str = "end of a permanent assignment";
/// The filler that is printed for a member that says something only where an action had nothing to do.
const MESSAGE: &str = "`resultMessage`";
/// The length that is printed, which is not even that of the printed body.
const LENGTH: &str = "length of the answer";

/// All of them.
pub(crate) const DEVIATIONS: [Deviation; 17] = [
    deviation(
        "stub",
        "URL",
        Some(1),
        Change::Path {
            printed: r"/docs\api/",
            sent: "/beta/",
        },
    ),
    deviation("stub", "blank line in a request", None, Change::WholeHead),
    deviation(
        "stub",
        "envelope of an answer",
        Some(1),
        Change::Bare("value"),
    ),
    deviation(
        "stub",
        "type annotation",
        Some(1),
        Change::Absent("@odata.type"),
    ),
    deviation("stub", "id of an assignment", Some(2), Change::Text("id")),
    deviation("stub", END, None, Change::Null("expirationDateTime")),
    deviation("stub", MESSAGE, None, Change::Null("resultMessage")),
    deviation("stub", LENGTH, None, Change::Counted("Content-Length")),
    deviation("page", END, None, Change::Null("expirationDateTime")),
    deviation("page", MESSAGE, None, Change::Null("resultMessage")),
    deviation("translation", END, None, Change::Null("expirationDateTime")),
    deviation("translation", MESSAGE, None, Change::Null("resultMessage")),
    deviation(
        "translation",
        LENGTH,
        None,
        Change::Counted("Content-length"),
    ),
    deviation("create", MESSAGE, None, Change::Null("resultMessage")),
    deviation("create", LENGTH, None, Change::Counted("Content-length")),
    deviation("eligible", MESSAGE, None, Change::Null("resultMessage")),
    deviation("eligible", LENGTH, None, Change::Counted("Content-length")),
];
