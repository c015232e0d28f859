//! In: the features of this build. Out: what the linker has to be told for them.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The espeak-ng in piper-rs is built with libsonic, and does not say so.
    if std::env::var_os("CARGO_FEATURE_PIPER_RS").is_some() {
        println!("cargo:rustc-link-lib=sonic");
    }
}
