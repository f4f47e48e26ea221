//! A watched file: what SQLite does to it is recorded, or refused, and then done.

use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};
use std::slice;
use std::sync::Arc;

use rusqlite::ffi;

use crate::disk::{Step, Trouble, Watched};

/// The layer's part of an open file; SQLite's own part follows in the same piece of memory.
#[repr(C)]
pub(crate) struct WatchedFile {
    /// What SQLite sees.
    base: ffi::sqlite3_file,
    /// From a box; null where the file is not open.
    watch: *mut Watch,
}

/// Which file it is, and who watches it.
pub(crate) struct Watch {
    pub(crate) number: usize,
    pub(crate) disk: Arc<Watched>,
}

impl WatchedFile {
    /// The part that is SQLite's own.
    ///
    /// # Safety
    /// `file` points to what `xOpen` was given.
    pub(crate) unsafe fn below(file: *mut Self) -> *mut ffi::sqlite3_file {
        // SAFETY: the memory goes on behind this structure, whose size keeps the alignment of pointers.
        unsafe { file.add(1) }.cast()
    }

    /// Makes it a file that is open and watched, or one that is not open.
    ///
    /// # Safety
    /// `file` points to what `xOpen` was given.
    pub(crate) unsafe fn begin(file: *mut Self, watch: Option<Watch>) {
        let opened = match watch {
            Some(watch) => Self {
                base: ffi::sqlite3_file { pMethods: &METHODS },
                watch: Box::into_raw(Box::new(watch)),
            },
            None => Self {
                base: ffi::sqlite3_file { pMethods: null() },
                watch: null_mut(),
            },
        };
        // SAFETY: the caller says that there is room.
        unsafe { file.write(opened) };
    }
}

/// Without `xFetch`: what is mapped into memory would be read past the layer.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The watch, the functions and the file below.
///
/// # Safety
/// `file` is open, and was opened by this layer.
unsafe fn parts<'a>(
    file: *mut ffi::sqlite3_file,
) -> (
    &'a Watch,
    &'a ffi::sqlite3_io_methods,
    *mut ffi::sqlite3_file,
) {
    let file = file.cast::<WatchedFile>();
    // SAFETY: an open file has a watch until it is closed, and the file below has its functions.
    unsafe {
        let below = WatchedFile::below(file);
        (&*(*file).watch, &*(*below).pMethods, below)
    }
}

/// Passes a call on to the function of that name below.
macro_rules! pass_on {
    ($file:ident, $method:ident, $missing:expr $(, $argument:expr)*) => {{
        // SAFETY: SQLite calls the functions of a file that it has opened, and not yet closed.
        let (_, methods, below) = unsafe { parts($file) };
        match methods.$method {
            // SAFETY: the arguments are SQLite's, and meant for this function.
            Some(method) => unsafe { method(below $(, $argument)*) },
            None => $missing,
        }
    }};
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let code = pass_on!(file, xClose, ffi::SQLITE_OK);
    let file = file.cast::<WatchedFile>();
    // SAFETY: the watch came from a box, and SQLite does not use a file that it has closed.
    drop(unsafe { Box::from_raw((*file).watch) });
    // SAFETY: the memory is SQLite's still.
    unsafe { WatchedFile::begin(file, None) };
    code
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the file is open.
    let (watch, ..) = unsafe { parts(file) };
    if let Some(code) = watch.disk.refuses(Trouble::Read) {
        return code;
    }
    let code = pass_on!(file, xRead, ffi::SQLITE_IOERR, buffer, amount, offset);
    if let Some(short) = watch.disk.refuses(Trouble::ShortRead) {
        let amount = usize::try_from(amount).unwrap_or_default();
        // SAFETY: SQLite's buffer has this length. Nothing was read, and what was not read is to be zero.
        let buffer = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), amount) };
        buffer.fill(0);
        return short;
    }
    code
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    buffer: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the file is open.
    let (watch, ..) = unsafe { parts(file) };
    let refused = [Trouble::Write, Trouble::ReadOnly].map(|trouble| watch.disk.refuses(trouble));
    if let Some(code) = refused.into_iter().flatten().next() {
        return code;
    }
    let full = watch.disk.refuses(Trouble::Full);
    let amount = if full.is_some() { amount / 2 } else { amount };
    let code = pass_on!(file, xWrite, ffi::SQLITE_IOERR, buffer, amount, offset);
    if code == ffi::SQLITE_OK {
        let length = usize::try_from(amount).unwrap_or_default();
        // SAFETY: SQLite's buffer has at least this length.
        let bytes = unsafe { slice::from_raw_parts(buffer.cast::<u8>(), length) };
        watch.disk.did(Step::Write {
            file: watch.number,
            offset: usize::try_from(offset).unwrap_or_default(),
            bytes: bytes.to_owned(),
        });
    }
    full.unwrap_or(code)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    let (watch, ..) = unsafe { parts(file) };
    if let Some(code) = watch.disk.refuses(Trouble::Truncate) {
        return code;
    }
    let code = pass_on!(file, xTruncate, ffi::SQLITE_IOERR, size);
    if code == ffi::SQLITE_OK {
        watch.disk.did(Step::Truncate {
            file: watch.number,
            size: usize::try_from(size).unwrap_or_default(),
        });
    }
    code
}

/// Not passed on: what counts is that it was asked for.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: the file is open.
    let (watch, ..) = unsafe { parts(file) };
    if let Some(code) = watch.disk.refuses(Trouble::Flush) {
        return code;
    }
    watch.disk.did(Step::Flush { file: watch.number });
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    pass_on!(file, xFileSize, ffi::SQLITE_IOERR_FSTAT, size)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass_on!(file, xLock, ffi::SQLITE_IOERR_LOCK, level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    pass_on!(file, xUnlock, ffi::SQLITE_IOERR_UNLOCK, level)
}

unsafe extern "C" fn check_reserved_lock(
    file: *mut ffi::sqlite3_file,
    reserved: *mut c_int,
) -> c_int {
    pass_on!(
        file,
        xCheckReservedLock,
        ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
        reserved
    )
}

unsafe extern "C" fn file_control(
    file: *mut ffi::sqlite3_file,
    operation: c_int,
    argument: *mut c_void,
) -> c_int {
    pass_on!(
        file,
        xFileControl,
        ffi::SQLITE_NOTFOUND,
        operation,
        argument
    )
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    pass_on!(file, xSectorSize, 0)
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    pass_on!(file, xDeviceCharacteristics, 0)
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    mapped: *mut *mut c_void,
) -> c_int {
    pass_on!(
        file,
        xShmMap,
        ffi::SQLITE_IOERR_SHMMAP,
        region,
        size,
        extend,
        mapped
    )
}

unsafe extern "C" fn shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    pass_on!(
        file,
        xShmLock,
        ffi::SQLITE_IOERR_SHMLOCK,
        offset,
        count,
        flags
    )
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    pass_on!(file, xShmBarrier, ());
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    pass_on!(file, xShmUnmap, ffi::SQLITE_OK, delete)
}
