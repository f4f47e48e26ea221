//! The heads that the sealer remembers: a file beside the seal key, out of reach of whoever has the database alone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pimento_domain::TenantId;
use pimento_store::seal::Head;

/// The newest head of each tenant.
pub(crate) type Heads = BTreeMap<TenantId, Head>;

/// Why what is remembered cannot be known, or kept.
#[derive(Debug, thiserror::Error)]
pub enum RememberedError {
    /// The file cannot be read or written.
    #[error("cannot use the remembered heads {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file does not hold heads.
    #[error(
        "line {line} of the remembered heads {} is not a head as it was signed. Bring the file back from your copy. To go \
         on with what the database says, whatever that is, move the file away",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which line, the first being 1.
        line: usize,
    },
}

impl RememberedError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }
}

/// Where the heads are remembered that are signed with the key in this file.
pub(crate) fn place(seal_key: &Path) -> PathBuf {
    with_ending(seal_key, ".heads")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The heads in this file; `None` where there is no file.
pub(crate) fn read(path: &Path) -> Result<Option<Heads>, RememberedError> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|source| RememberedError::file(path, source))?,
    };
    let mut heads = Heads::new();
    for (line, text) in (1..).zip(String::from_utf8_lossy(&bytes).lines()) {
        let head = text.parse().ok().filter(Head::is_genuine);
        let head = head.ok_or_else(|| RememberedError::Damaged {
            path: path.to_owned(),
            line,
        })?;
        heads.insert(head.tenant.clone(), head);
    }
    Ok(Some(heads))
}

/// Has the file hold these heads: all of them or, where that fails or is interrupted, those that it held. Answers its length
/// in bytes.
pub(crate) fn write(path: &Path, heads: &Heads) -> Result<usize, RememberedError> {
    let lines: Vec<String> = heads.values().map(|head| format!("{head}\n")).collect();
    let text = lines.concat();
    let new = with_ending(path, ".new");
    let replace = || -> io::Result<()> {
        let mut file = File::create(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    replace().map_err(|source| RememberedError::file(path, source))?;
    Ok(text.len())
}

#[cfg(test)]
mod tests {
    use pimento_domain::Instant;
    use pimento_store::seal::SealKey;
    use tempfile::TempDir;

    use super::*;

    fn heads() -> Heads {
        let key = SealKey::generate().unwrap();
        let head = |(number, id): (u64, &str)| {
            let tenant: TenantId = id.parse().unwrap();
            let head = Head::sign(&tenant, number, [7; 32], Instant::MAX, &key);
            (tenant, head)
        };
        (1..).zip(["acme", "b", "c:d"]).map(head).collect()
    }

    #[test]
    fn what_is_remembered_is_read_back_and_replaced_as_a_whole() {
        let folder = TempDir::new().unwrap();
        let path = place(&folder.path().join("key"));
        assert_eq!(read(&path).unwrap(), None);
        let mut heads = heads();
        write(&path, &heads).unwrap();
        assert_eq!(read(&path).unwrap().as_ref(), Some(&heads));
        heads.pop_first();
        let length = write(&path, &heads).unwrap();
        assert_eq!(read(&path).unwrap(), Some(heads));
        assert_eq!(fs::read(&path).unwrap().len(), length);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn a_file_in_which_anything_was_changed_is_an_error_that_names_the_line() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("heads");
        write(&path, &heads()).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for (changed, expected) in [
            (text.replace(" 2 ", " 3 "), 2),
            (format!("{text}x"), 4),
            (format!("\n{text}"), 1),
            (text[..text.len() - 2].to_owned(), 3),
        ] {
            fs::write(&path, &changed).unwrap();
            let error = read(&path).unwrap_err();
            let is_it = matches!(error, RememberedError::Damaged { line, .. } if line == expected);
            assert!(is_it, "{error}: {changed}");
        }
        assert!(matches!(
            read(folder.path()).unwrap_err(),
            RememberedError::File { .. }
        ));
    }
}
