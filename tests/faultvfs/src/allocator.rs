//! SQLite's allocator, with failures. All the real work is the one's that SQLite came with.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::OnceLock;

use rusqlite::ffi::{SQLITE_CONFIG_GETMALLOC, SQLITE_CONFIG_MALLOC, SQLITE_OK, sqlite3_config, sqlite3_mem_methods};

use crate::{Fault, fails};

/// The methods that SQLite came with: plain functions, which any thread may call.
struct Real {
    malloc: unsafe extern "C" fn(c_int) -> *mut c_void,
    realloc: unsafe extern "C" fn(*mut c_void, c_int) -> *mut c_void,
}

static REAL: OnceLock<Real> = OnceLock::new();

/// Puts itself in place. Only before SQLite is used in the process.
pub(crate) fn install() {
    let mut methods = MaybeUninit::<sqlite3_mem_methods>::uninit();
    // SAFETY: SQLITE_CONFIG_GETMALLOC takes one pointer to such a structure and fills it, or fails, which is checked.
    let mut methods = unsafe {
        assert_eq!(
            sqlite3_config(SQLITE_CONFIG_GETMALLOC, methods.as_mut_ptr()),
            SQLITE_OK,
            "SQLite is in use already"
        );
        methods.assume_init()
    };
    let (Some(malloc), Some(realloc)) = (methods.xMalloc, methods.xRealloc) else { panic!("SQLite has no allocator") };
    assert!(REAL.set(Real { malloc, realloc }).is_ok(), "installed once");
    methods.xMalloc = Some(allocate);
    methods.xRealloc = Some(reallocate);
    // SAFETY: SQLITE_CONFIG_MALLOC takes one pointer to such a structure and copies it; its methods keep the contract of
    // the real ones, which they call, and may return null as those may.
    let done = unsafe { sqlite3_config(SQLITE_CONFIG_MALLOC, &raw mut methods) };
    assert_eq!(done, SQLITE_OK, "SQLite is in use already");
}

unsafe extern "C" fn allocate(size: c_int) -> *mut c_void {
    match REAL.get() {
        // SAFETY: the caller keeps the contract of xMalloc, which is the real one's.
        Some(real) if !fails(Fault::Allocation, None) => unsafe { (real.malloc)(size) },
        _ => null_mut(),
    }
}

unsafe extern "C" fn reallocate(memory: *mut c_void, size: c_int) -> *mut c_void {
    match REAL.get() {
        // SAFETY: the caller keeps the contract of xRealloc, which is the real one's; `memory` came from the real one.
        Some(real) if !fails(Fault::Allocation, None) => unsafe { (real.realloc)(memory, size) },
        _ => null_mut(),
    }
}
