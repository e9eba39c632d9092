#!/bin/sh
# Stands before the compiler (RUSTC_WORKSPACE_WRAPPER) when `cargo xtask fuzz` builds: libFuzzer sees which branches of the
# workspace's own crates an input takes, and what they compare. A build script is a program of its own, without libFuzzer.
case " $* " in
*" build_script_build "*) exec "$@" ;;
esac
exec "$@" -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares
