//! The changelog of the contract: its unreleased entry, and what becomes of it at a release.

/// Where it is.
pub const PATH: &str = "openapi/CHANGELOG.md";
/// The heading of the entry that is being written.
pub const UNRELEASED: &str = "## [Unreleased]";
/// How the first words of a line declare that the change it tells breaks callers.
pub const BREAKING: &str = "**Breaking**";
/// How they declare that some who could call no longer can.
pub const SECURITY: &str = "**Security**";

/// The text below the heading of the unreleased entry, up to the next one; none where there is no such heading.
pub fn unreleased(changelog: &str) -> Option<&str> {
    let start = changelog.find(&format!("{UNRELEASED}\n"))? + UNRELEASED.len();
    let rest = &changelog[start..];
    let end = rest.find("\n## ").map_or(rest.len(), |end| end + 1);
    Some(&rest[..end])
}

/// The bullets of an entry, each with the lines that continue it.
pub fn bullets(entry: &str) -> Vec<String> {
    let mut bullets: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in entry.lines() {
        let bullet = line.strip_prefix("- ").or_else(|| line.strip_prefix("* "));
        if let Some(text) = bullet {
            bullets.push(text.trim().to_owned());
            is_open = true;
        } else if let Some(last) = bullets
            .last_mut()
            .filter(|_| is_open && line.starts_with(' '))
        {
            last.push(' ');
            last.push_str(line.trim());
        } else {
            is_open = false;
        }
    }
    bullets
}

/// Whether a bullet begins with one of these words and names this in backticks.
pub fn declares(bullets: &[String], words: &[&str], name: &str) -> bool {
    let name = format!("`{name}`");
    let begins = |bullet: &&String| words.iter().any(|word| bullet.starts_with(word));
    let mut declaring = bullets.iter().filter(begins);
    declaring.any(|bullet| bullet.contains(&name))
}

/// The changelog with the unreleased entry as that of a version, and a new unreleased one above it.
pub fn released(changelog: &str, version: &str, date: &str) -> String {
    let headings = format!("{UNRELEASED}\n\n## [{version}] - {date}\n");
    changelog.replacen(&format!("{UNRELEASED}\n"), &headings, 1)
}
