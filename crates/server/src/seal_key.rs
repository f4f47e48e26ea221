//! The key that signs the heads of logs: a file of its own, which is not in the database.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use pimento_store::seal::{InvalidKey, SealKey};
use tempfile::NamedTempFile;

/// The name of the file in the data folder, where the configuration names no other.
const NAME: &str = "pimento.seal-key";

/// Why there is no seal key.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyError {
    /// The file cannot be read or made.
    #[error("cannot use the seal key {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The file does not hold a key.
    #[error(
        "the seal key {} cannot be used. Bring it back from your copy. To go on with a new key, move the file away: \
         what was sealed until now then verifies only with the old public key",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: InvalidKey,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for a seal key")]
    Random,
}

impl SealKeyError {
    fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source,
        }
    }
}

/// Where the key of this data folder is, unless another place is configured.
pub(crate) fn place(data: &Path, configured: Option<&Path>) -> PathBuf {
    configured.map_or_else(|| data.join(NAME), Path::to_owned)
}

/// The key in this file; `None` where there is no file.
pub(crate) fn read(path: &Path) -> Result<Option<SealKey>, SealKeyError> {
    let bytes = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|source| SealKeyError::file(path, source))?,
    };
    let damaged = |source| SealKeyError::Damaged {
        path: path.to_owned(),
        source,
    };
    let text = str::from_utf8(&bytes).map_err(|_| damaged(InvalidKey::Secret))?;
    SealKey::from_text(text).map(Some).map_err(damaged)
}

/// Makes a key in this file, which is not there: whole or not at all, and for its owner alone.
pub(crate) fn make(path: &Path) -> Result<SealKey, SealKeyError> {
    let key = SealKey::generate().map_err(|_| SealKeyError::Random)?;
    let text = key.to_text().map_err(|_| SealKeyError::Random)?;
    write(path, &text).map_err(|source| SealKeyError::file(path, source))?;
    tracing::info!(path = %path.display(), public_key = %key.public_key(), "a new seal key was made");
    Ok(key)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Of mode 0600.
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = TempDir::new().unwrap();
        let path = place(folder.path(), None);
        assert!(read(&path).unwrap().is_none());
        let key = make(&path).unwrap();
        assert!(make(&path).is_err());
        let again = read(&path).unwrap().unwrap();
        assert_eq!(key.public_key(), again.public_key());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1);
    }

    #[test]
    fn a_key_that_is_damaged_or_cannot_be_read_is_an_error_and_left_alone() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("key");
        for text in [&b""[..], b"secret\n", b"\xff\xfe"] {
            fs::write(&path, text).unwrap();
            let error = read(&path).unwrap_err();
            assert!(matches!(error, SealKeyError::Damaged { .. }), "{error}");
            assert_eq!(fs::read(&path).unwrap(), text);
        }
        let error = read(folder.path()).unwrap_err();
        assert!(matches!(error, SealKeyError::File { .. }), "{error}");
        let nowhere = folder.path().join("no").join("key");
        assert!(matches!(
            make(&nowhere).unwrap_err(),
            SealKeyError::File { .. }
        ));
    }
}
