//! In: the id of a voice. Out: what is known of it and the files it is made of. Knows no text and no track.

pub mod catalog;
pub mod store;
