//! The layer's way into SQLite: a file system that is SQLite's own in everything but opening and removing watched files.

use std::ffi::{CStr, OsStr, c_char, c_int};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::OnceLock;

use rusqlite::ffi;

use crate::disk::{DeleteFlush, Step, Watched};
use crate::file::{Watch, WatchedFile};

/// SQLite's own file system, below the layer.
struct Below(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite itself hands this pointer to every thread; it never changes once it is registered.
unsafe impl Send for Below {}
// SAFETY: as above.
unsafe impl Sync for Below {}

static BELOW: OnceLock<Below> = OnceLock::new();

/// Makes the layer the file system of connections that are opened from now on, once in a process.
///
/// # Panics
/// Where SQLite has no file system of its own.
pub(crate) fn install() {
    BELOW.get_or_init(|| {
        // SAFETY: without a name this asks for the default; the answer lives as long as the process.
        let below = unsafe { ffi::sqlite3_vfs_find(std::ptr::null()) };
        assert!(!below.is_null(), "SQLite has a file system");
        // SAFETY: it is a valid structure that nobody writes to. The copy has all its functions, which take the system's
        // own data from `pAppData`, so they work on the copy as well.
        let mut layer = unsafe { below.read() };
        layer.pNext = null_mut();
        layer.zName = c"watched".as_ptr();
        layer.szOsFile += c_int::try_from(size_of::<WatchedFile>()).unwrap_or(c_int::MAX);
        layer.xOpen = Some(open);
        layer.xDelete = Some(delete);
        let layer = Box::into_raw(Box::new(layer));
        // SAFETY: the structure is complete and never freed.
        let code = unsafe { ffi::sqlite3_vfs_register(layer, 1) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite takes a file system");
        Below(below)
    });
}

fn below() -> *mut ffi::sqlite3_vfs {
    BELOW.get().map_or(null_mut(), |below| below.0)
}

/// The path and the watched folder that a file's name leads to; `None` where nobody watches it.
///
/// # Safety
/// `name` is null or ends in a zero byte.
unsafe fn watched(
    name: *const c_char,
) -> Option<(&'static Path, &'static str, std::sync::Arc<Watched>)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: the caller says so; SQLite keeps the name for as long as the file is open.
    let path = Path::new(OsStr::from_bytes(
        unsafe { CStr::from_ptr(name) }.to_bytes(),
    ));
    let name = path.file_name()?.to_str()?;
    Some((path, name, Watched::around(path)?))
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite's own file system lives as long as the process.
    let Some(open) = (unsafe { (*below()).xOpen }) else {
        return ffi::SQLITE_CANTOPEN;
    };
    // SAFETY: SQLite's names end in a zero byte.
    let Some((path, short, watched)) = (unsafe { watched(name) }) else {
        // SAFETY: the arguments are SQLite's, and there is more room in `file` than is needed.
        return unsafe { open(below(), name, file, flags, out_flags) };
    };
    let there = fs::read(path).ok();
    let file = file.cast::<WatchedFile>();
    // SAFETY: `szOsFile` has room for the layer's part, and after it for the file itself.
    let code = unsafe { open(below(), name, WatchedFile::below(file), flags, out_flags) };
    let watch = (code == ffi::SQLITE_OK).then(|| Watch {
        number: watched.opened(short, there),
        disk: watched,
    });
    // SAFETY: `file` has room for this; where it was not opened SQLite is told that there is nothing to close.
    unsafe { WatchedFile::begin(file, watch) };
    code
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite's own file system lives as long as the process.
    let Some(delete) = (unsafe { (*below()).xDelete }) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    // SAFETY: the arguments are SQLite's. The folder is not flushed: that is only recorded.
    let code = unsafe { delete(below(), name, 0) };
    // SAFETY: SQLite's names end in a zero byte.
    let watched = unsafe { watched(name) };
    if let Some((_, name, disk)) = watched.filter(|_| code == ffi::SQLITE_OK) {
        let name = name.to_owned();
        let flush = match sync_folder {
            0 => DeleteFlush::Later,
            _ => DeleteFlush::Now,
        };
        disk.did(Step::Delete { name, flush });
    }
    code
}
