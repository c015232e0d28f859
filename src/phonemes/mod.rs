//! stub
pub mod inventory;
