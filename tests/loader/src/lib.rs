//! Loads an extension into a database's connection, for a measurement beside another library. Whatever the extension does is
//! done in this process: only a file that is pinned by its hash may be given. Never part of anything that is shipped.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use rusqlite::{Connection, Error, ffi};

/// Loads `library` into the connection by its function `entry`, and lets nothing else be loaded after it. An error is what
/// SQLite says of it.
pub fn load(db: &Connection, library: &Path, entry: &CStr) -> rusqlite::Result<()> {
    let file = CString::new(library.as_os_str().as_bytes())?;
    allow(db, true)?;
    let mut told = ptr::null_mut();
    // SAFETY: the handle is of a connection that is open and borrowed for the whole call, both texts end with a zero and
    // outlive it, and `told` is a place for a pointer. The library is one that the caller chose and pinned; that its code
    // keeps SQLite's rules is what the caller answers for.
    let code = unsafe { ffi::sqlite3_load_extension(db.handle(), file.as_ptr(), entry.as_ptr(), &raw mut told) };
    let loaded = if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        // SAFETY: where it fails SQLite leaves nothing or a text that ends with a zero and is ours.
        let sentence = unsafe { told.as_ref().map(|told| CStr::from_ptr(told).to_string_lossy().into_owned()) };
        Err(Error::SqliteFailure(ffi::Error::new(code), sentence))
    };
    // SAFETY: it is that text or nothing, and is not used after this.
    unsafe { ffi::sqlite3_free(told.cast()) };
    allow(db, false)?;
    loaded
}

/// Whether SQLite's C function may load extensions; its SQL function never may.
fn allow(db: &Connection, allowed: bool) -> rusqlite::Result<()> {
    // SAFETY: the handle is of an open connection, and the option takes an int and a place for one or nothing.
    let code = unsafe {
        ffi::sqlite3_db_config(
            db.handle(),
            ffi::SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
            i32::from(allowed),
            ptr::null_mut::<std::ffi::c_int>(),
        )
    };
    if code == ffi::SQLITE_OK { Ok(()) } else { Err(Error::SqliteFailure(ffi::Error::new(code), None)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_library_is_an_error_that_says_so_and_nothing_may_be_loaded_after_it() {
        let db = Connection::open_in_memory().expect("memory is there");
        let error = load(&db, Path::new("/no/such/library"), c"sqlite3_extension_init").expect_err("it is not there");
        assert!(error.to_string().contains("/no/such/library"), "{error}");
        let by_sql = db.query_row("SELECT load_extension('/no/such/library')", [], |_| Ok(()));
        assert!(by_sql.expect_err("SQL may not").to_string().contains("not authorized"));
    }
}
