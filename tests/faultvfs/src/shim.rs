//! The file system in SQLite's terms: a shim over the default one. Each method hands on to the real file, after asking whether
//! it is to fail and, before a write, telling the disk.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::null;
use std::sync::OnceLock;

use rusqlite::ffi::{
    SQLITE_CANTOPEN, SQLITE_IOERR_DELETE, SQLITE_IOERR_FSYNC, SQLITE_IOERR_READ, SQLITE_IOERR_TRUNCATE,
    SQLITE_IOERR_WRITE, SQLITE_OK, sqlite3_file, sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find,
    sqlite3_vfs_register,
};

use crate::{Fault, disk, fails, is_remembered};

/// What stands at the beginning of the memory that SQLite gives for a file; the real file follows.
#[repr(C)]
struct Head {
    methods: *const sqlite3_io_methods,
    /// From `Box::into_raw`; null for a file without a name, which is temporary.
    path: *mut PathBuf,
}

/// The real file system. A registered one stays for the life of the process and may be called from any thread.
#[derive(Clone, Copy)]
struct Real(*mut sqlite3_vfs);

// SAFETY: SQLite itself calls a registered file system from any thread, and never changes it.
unsafe impl Send for Real {}
// SAFETY: as above.
unsafe impl Sync for Real {}

static REAL: OnceLock<Real> = OnceLock::new();

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // 2: no memory maps, whose writes nobody would see.
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

/// Becomes the default file system of the process.
pub(crate) fn install() {
    // SAFETY: with null it gives the default file system, which stays valid for the life of the process. SQLite is
    // initialised by the call.
    let real = unsafe { sqlite3_vfs_find(null()) };
    assert!(!real.is_null() && REAL.set(Real(real)).is_ok(), "installed once, over a file system");
    // SAFETY: it is valid, as above, and only copied.
    let mut shim = unsafe { *real };
    shim.szOsFile += size_of::<Head>() as c_int;
    shim.zName = c"anggota-fault".as_ptr();
    shim.xOpen = Some(open);
    shim.xDelete = Some(delete);
    // SAFETY: the structure is leaked, so that it lives as long as the process; every method that is not ours is the real
    // one's, which finds what it needs in the fields copied from it.
    let done = unsafe { sqlite3_vfs_register(Box::into_raw(Box::new(shim)), 1) };
    assert_eq!(done, SQLITE_OK);
}

fn real_vfs() -> *mut sqlite3_vfs {
    REAL.get().map_or(std::ptr::null_mut(), |real| real.0)
}

/// The real file behind ours.
///
/// # Safety
/// `file` is memory that SQLite gave to [`open`].
unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite gave szOsFile bytes: the head, and behind it as much as the real file system asks for. The head's size
    // is a multiple of a pointer's, so that what follows is as well aligned as it is.
    unsafe { file.cast::<Head>().add(1).cast() }
}

/// The file's name, if it has one.
///
/// # Safety
/// `file` was opened by [`open`] and is not closed.
unsafe fn path<'a>(file: *mut sqlite3_file) -> Option<&'a Path> {
    // SAFETY: the head was written by `open`, and its path is freed by `close` only.
    unsafe { (*file.cast::<Head>()).path.as_ref().map(PathBuf::as_path) }
}

/// Calls a method of the real file; `$or` when it has none.
macro_rules! real {
    ($file:ident, $method:ident, $or:expr $(, $argument:expr)*) => {{
        // SAFETY: `file` was opened by `open`, so the real file is open and its methods are valid; the arguments are handed
        // on as SQLite gave them.
        unsafe {
            let real = real($file);
            match (*(*real).pMethods).$method {
                Some(method) => method(real $(, $argument)*),
                None => $or,
            }
        }
    }};
}

/// Whether a use of an open file fails.
macro_rules! fails {
    ($file:ident, $kind:expr) => {{
        // SAFETY: SQLite calls methods of open files only.
        let path = unsafe { path($file) };
        path.is_some_and(|path| fails($kind, Some(path)))
    }};
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let vfs = real_vfs();
    let path = (!name.is_null()).then(|| {
        // SAFETY: a name that is not null is a string that ends with a zero.
        let bytes = unsafe { CStr::from_ptr(name) }.to_bytes();
        PathBuf::from(OsStr::from_bytes(bytes))
    });
    // SAFETY: `vfs` is the real one, whose xOpen gets the arguments as SQLite gave them, and memory as large as it asked for.
    let (done, is_open) = unsafe {
        let real = real(file);
        let Some(open) = (*vfs).xOpen else { return SQLITE_CANTOPEN };
        let done = open(vfs, name, real, flags, flags_out);
        (done, !(*real).pMethods.is_null())
    };
    let head = file.cast::<Head>();
    let path =
        path.map_or(
            std::ptr::null_mut(),
            |path| if is_open { Box::into_raw(Box::new(path)) } else { std::ptr::null_mut() },
        );
    // SAFETY: `file` is memory for at least a head. As the contract says, methods are set exactly when it must be closed.
    unsafe { head.write(Head { methods: if is_open { &raw const METHODS } else { null() }, path }) };
    done
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite gives the name of a file, ended by a zero.
    let path = PathBuf::from(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()));
    if fails(Fault::Write, Some(&path)) {
        return SQLITE_IOERR_DELETE;
    }
    disk::settled(&path);
    let vfs = real_vfs();
    // SAFETY: `vfs` is the real one, and the arguments are as SQLite gave them.
    unsafe { (*vfs).xDelete.map_or(SQLITE_IOERR_DELETE, |delete| delete(vfs, name, sync)) }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let done = real!(file, xClose, SQLITE_OK);
    // SAFETY: the head is `open`'s, and this is the last that is heard of the file; a path came from Box::into_raw.
    unsafe {
        let head = &mut *file.cast::<Head>();
        if !head.path.is_null() {
            drop(Box::from_raw(std::mem::replace(&mut head.path, std::ptr::null_mut())));
        }
    }
    done
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, count: c_int, at: i64) -> c_int {
    if fails!(file, Fault::Read) {
        return SQLITE_IOERR_READ;
    }
    real!(file, xRead, SQLITE_IOERR_READ, into, count, at)
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, count: c_int, at: i64) -> c_int {
    if fails!(file, Fault::Write) {
        return SQLITE_IOERR_WRITE;
    }
    // SAFETY: the file is open.
    if let Some(path) = unsafe { path(file) }.filter(|path| is_remembered(path)) {
        // SAFETY: SQLite gives `count` bytes at `from`, neither negative nor null, for the time of the call.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count as usize) };
        if disk::writing(path, at as u64, bytes).is_err() {
            return SQLITE_IOERR_WRITE;
        }
    }
    real!(file, xWrite, SQLITE_IOERR_WRITE, from, count, at)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    if fails!(file, Fault::Write) {
        return SQLITE_IOERR_TRUNCATE;
    }
    // SAFETY: the file is open.
    if let Some(path) = unsafe { path(file) }.filter(|path| is_remembered(path))
        && disk::cutting(path, size as u64).is_err()
    {
        return SQLITE_IOERR_TRUNCATE;
    }
    real!(file, xTruncate, SQLITE_IOERR_TRUNCATE, size)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    if fails!(file, Fault::Sync) {
        return SQLITE_IOERR_FSYNC;
    }
    let done = real!(file, xSync, SQLITE_IOERR_FSYNC, flags);
    // SAFETY: the file is open.
    if let (SQLITE_OK, Some(path)) = (done, unsafe { path(file) }) {
        disk::settled(path);
    }
    done
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    real!(file, xFileSize, SQLITE_IOERR_READ, size)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    real!(file, xLock, SQLITE_OK, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    real!(file, xUnlock, SQLITE_OK, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    real!(file, xCheckReservedLock, SQLITE_OK, out)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    real!(file, xFileControl, rusqlite::ffi::SQLITE_NOTFOUND, operation, argument)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    real!(file, xSectorSize, 0)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    real!(file, xDeviceCharacteristics, 0)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    real!(file, xShmMap, SQLITE_IOERR_READ, page, size, extend, out)
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    real!(file, xShmLock, SQLITE_IOERR_READ, offset, count, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    real!(file, xShmBarrier, ());
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, is_last: c_int) -> c_int {
    real!(file, xShmUnmap, SQLITE_OK, is_last)
}
